UPDATE "case" c
SET province_code = s.province_code,
    problem_code = s.problem_code,
    urgency = s.urgency,
    status = s.status,
    close_reason = s.close_reason,
    sensitivity = s.sensitivity,
    reported_on = s.reported_on,
    date_precision = s.date_precision,
    cases = s.cases,
    weight = s.weight,
    counted = s.counted,
    target_groups = s.target_groups,
    secondary_problems = s.secondary_problems,
    point = ST_SetSRID(ST_MakePoint(s.lon, s.lat), 4326),
    accuracy_m = s.accuracy_m,
    stated_code = s.stated_code,
    village_code = s.village_code,
    district_code = s.district_code,
    subdistrict_code = s.subdistrict_code,
    area_match = s.area_match,
    edition_id = :edition_id
FROM staged_case s
WHERE c.province_code = s.old_province AND c.id = s.id
