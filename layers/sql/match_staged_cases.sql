-- Find the staged rows that the source brought before; what a row does not state keeps its present value.
UPDATE staged_case s
SET id = c.id,
    old_province = c.province_code,
    old_status = c.status,
    urgency = coalesce(s.urgency, c.urgency),
    close_reason = CASE WHEN s.status IS NULL THEN c.close_reason ELSE s.close_reason END,
    status = coalesce(s.status, c.status)
FROM (
    SELECT id, province_code, external_id, status, urgency, close_reason FROM "case"
    WHERE source_id = :source_id AND external_id IN (SELECT external_id FROM staged_case)
    ORDER BY province_code, id FOR UPDATE
) c
WHERE c.external_id = s.external_id
