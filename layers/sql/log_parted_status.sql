-- Cases that were merged into one that an import made: when that goes, they are cases of their own again.
INSERT INTO case_event (province_code, case_id, id, number, from_status, to_status, way, note)
SELECT c.province_code, c.id, gen_random_uuid(), c.last_event + 1, c.status, m.from_status, 'unmerge', 'undo ' || :run_id
FROM case_merge m
JOIN "case" kept ON kept.province_code = m.kept_province AND kept.id = m.kept_id AND kept.import_run_id = :run_id
JOIN "case" c ON c.province_code = m.province_code AND c.id = m.case_id AND c.import_run_id IS DISTINCT FROM :run_id
WHERE m.unmerged_at IS NULL AND c.status = 90
RETURNING case_id
