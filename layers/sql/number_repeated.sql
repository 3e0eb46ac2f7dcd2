-- Rows that say the same get a number behind the id that was made of their words: the second is -2, the third -3.
UPDATE staged_case s
SET external_id = s.external_id || '-' || one.place
FROM (SELECT ctid, row_number() OVER (PARTITION BY external_id ORDER BY row_number) AS place FROM staged_case) AS one
WHERE s.ctid = one.ctid AND one.place > 1
