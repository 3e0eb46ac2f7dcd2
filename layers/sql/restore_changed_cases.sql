-- Cases as they were before an import changed them; who they are assigned to stays as it is now. Imports made before
-- rows could stand for several cases do not say how many: one. What was a merged case keeps the status that it has now.
UPDATE "case" c
SET province_code = b.province_code,
    problem_code = b.problem_code,
    urgency = b.urgency,
    status = CASE WHEN b.status = 90 THEN c.status ELSE b.status END,
    last_event = c.last_event + (c.status <> b.status AND b.status <> 90)::int,
    close_reason = CASE WHEN b.status = 90 THEN c.close_reason ELSE b.close_reason END,
    sensitivity = b.sensitivity,
    reported_on = b.reported_on,
    date_precision = b.date_precision,
    cases = coalesce(b.cases, 1),
    weight = b.weight,
    counted = b.counted,
    target_groups = b.target_groups,
    secondary_problems = b.secondary_problems,
    point = b.point,
    accuracy_m = b.accuracy_m,
    stated_code = b.stated_code,
    village_code = b.village_code,
    district_code = b.district_code,
    subdistrict_code = b.subdistrict_code,
    area_match = b.area_match
FROM import_change i, LATERAL jsonb_populate_record(NULL::"case", i.before) AS b
WHERE i.run_id = :run_id AND c.province_code = i.province_code AND c.id = i.case_id
