-- What the cases were before an import changes them, so that it can be undone; the point to its last bit.
INSERT INTO import_change (run_id, province_code, case_id, before)
SELECT :run_id, c.province_code, c.id,
       to_jsonb(c) - 'point' || jsonb_build_object('point', ST_AsHEXEWKB(c.point))
FROM "case" c JOIN staged_case s ON c.province_code = s.old_province AND c.id = s.id
