DROP TABLE evidence_shown;
DROP TABLE evidence;
