DROP INDEX journal_public_of;
DROP INDEX approval_of_offering;
DROP INDEX approval_of_provider;
