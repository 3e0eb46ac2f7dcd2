-- The log of a case tells every change of its status, also one that is taken back. No import
-- moves a case that was merged: where it is one of its own by now, somebody took the merge back since.
INSERT INTO case_event (province_code, case_id, id, number, from_status, to_status, way, note)
SELECT c.province_code, c.id, gen_random_uuid(), c.last_event + 1, c.status, (i.before ->> 'status')::int,
       'undo', 'undo ' || :run_id
FROM import_change i JOIN "case" c ON c.province_code = i.province_code AND c.id = i.case_id
WHERE i.run_id = :run_id AND c.status <> (i.before ->> 'status')::int AND i.before ->> 'status' <> '90'
