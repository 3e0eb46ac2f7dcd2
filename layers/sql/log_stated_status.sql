-- What a file states of a case's status becomes an event before the case is changed.
INSERT INTO case_event (province_code, case_id, id, number, from_status, to_status, way)
SELECT c.province_code, c.id, gen_random_uuid(), c.last_event + 1, c.status, s.status, 'stated'
FROM staged_case s JOIN "case" c ON c.province_code = s.old_province AND c.id = s.id
WHERE s.old_status <> s.status
