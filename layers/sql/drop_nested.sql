-- Tally rows whose area holds the areas of other rows, of the same problem and period: they are sums of those.
DELETE FROM staged_case s
WHERE EXISTS (SELECT FROM staged_case t
              WHERE (t.province_code, t.problem_code, t.reported_on, t.date_precision)
                    = (s.province_code, s.problem_code, s.reported_on, s.date_precision)
                AND coalesce(s.district_code, t.district_code) IS NOT DISTINCT FROM t.district_code
                AND s.subdistrict_code IS NULL
                AND (t.subdistrict_code IS NOT NULL OR (s.district_code IS NULL AND t.district_code IS NOT NULL)))
RETURNING s.row_number, s.external_id, s.cases, s.area_match, coalesce(s.district_code, s.province_code) AS area
