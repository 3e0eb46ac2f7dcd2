-- Cases that the source brought before and this file does not renew: it lacks them, or holds them in rows not taken.
WITH lacking AS (
    SELECT c.external_id, EXISTS (SELECT FROM row_not_taken r WHERE r.external_id = c.external_id) AS in_file
    FROM "case" c
    WHERE c.source_id = :source_id
      AND NOT EXISTS (SELECT FROM staged_case s WHERE s.external_id = c.external_id)
), placed AS (
    SELECT external_id, in_file, count(*) OVER (PARTITION BY in_file) AS all_rows,
           row_number() OVER (PARTITION BY in_file ORDER BY external_id) AS place
    FROM lacking
)
SELECT external_id, in_file, all_rows FROM placed WHERE place <= :limit ORDER BY in_file, place
