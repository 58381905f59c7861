DROP INDEX journal_of_time;
DROP INDEX journal_of_kind;
DROP INDEX journal_of_organisation;
DROP INDEX journal_of_actor;
DROP INDEX journal_of_subject;
DROP TABLE access_log;
DROP FUNCTION access_log_no_update;
