-- Rows that say what is known already need no write at all.
DELETE FROM staged_case s
USING "case" c
WHERE s.old_province IS NOT NULL AND c.province_code = s.old_province AND c.id = s.id
  AND (c.problem_code, c.urgency, c.status, c.close_reason, c.sensitivity, c.reported_on, c.date_precision, c.cases, c.weight,
       c.counted, c.accuracy_m, c.stated_code, c.village_code, c.province_code, c.district_code, c.subdistrict_code,
       c.area_match, c.edition_id, c.target_groups, c.secondary_problems)
      IS NOT DISTINCT FROM
      (s.problem_code, s.urgency, s.status, s.close_reason, s.sensitivity, s.reported_on, s.date_precision, s.cases, s.weight,
       s.counted, s.accuracy_m, s.stated_code, s.village_code, s.province_code, s.district_code, s.subdistrict_code,
       s.area_match, :edition_id, s.target_groups, s.secondary_problems)
  AND (ST_X(c.point), ST_Y(c.point)) IS NOT DISTINCT FROM (s.lon, s.lat)
