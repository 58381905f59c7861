DROP TABLE journal;
DROP TABLE journal_head;
