INSERT INTO "case" (province_code, id, source_id, external_id, problem_code, urgency, status, close_reason,
                    sensitivity, reported_on, date_precision, cases, weight, counted,
                    target_groups, secondary_problems, point, accuracy_m, stated_code,
                    village_code, district_code, subdistrict_code, area_match, edition_id, import_run_id)
SELECT s.province_code, s.id, :source_id, s.external_id, s.problem_code, coalesce(s.urgency, 'U2'),
       coalesce(s.status, 10), s.close_reason, s.sensitivity, s.reported_on, s.date_precision, s.cases, s.weight,
       s.counted,
       s.target_groups, s.secondary_problems,
       ST_SetSRID(ST_MakePoint(s.lon, s.lat), 4326), s.accuracy_m, s.stated_code, s.village_code, s.district_code,
       s.subdistrict_code, s.area_match, :edition_id, :run_id
FROM staged_case s
WHERE s.old_province IS NULL
