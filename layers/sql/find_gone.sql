-- Cases that the source brought before and the file lacks now.
SELECT c.external_id, count(*) OVER () AS all_rows
FROM "case" c
WHERE c.source_id = :source_id
  AND NOT EXISTS (SELECT FROM staged_case s WHERE s.external_id = c.external_id)
ORDER BY c.external_id
LIMIT :limit
