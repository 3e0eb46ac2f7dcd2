-- A status to which no steps lead from the present one is not taken; the case keeps its own.
UPDATE staged_case s
SET status = c.status, close_reason = c.close_reason
FROM "case" c
WHERE s.old_province IS NOT NULL AND s.old_status <> s.status AND c.province_code = s.old_province AND c.id = s.id
  AND NOT EXISTS (SELECT FROM case_step one
                  WHERE one.way = 'stated' AND one.from_status = s.old_status AND one.to_status = s.status)
RETURNING s.external_id
