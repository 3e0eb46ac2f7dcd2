-- Of rows with the same id the first is kept.
DELETE FROM staged_case s
USING (SELECT ctid, row_number() OVER (PARTITION BY external_id ORDER BY row_number) AS place FROM staged_case) AS one
WHERE s.ctid = one.ctid AND one.place > 1
RETURNING s.row_number, s.external_id, s.cases, s.area_match, coalesce(s.district_code, s.province_code) AS area
