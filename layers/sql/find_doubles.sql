-- Staged rows that look like a case of another source: the same problem on the same day within some ten metres, or the
-- same cell of a table of counts, whose id is made of area, problem and period.
SELECT one.row_number, min(one.name_th) AS source_name, count(*) OVER () AS all_rows
FROM (
SELECT s.row_number, source.name_th
FROM staged_case s
JOIN "case" c ON c.province_code = s.province_code AND c.problem_code = s.problem_code
             AND c.reported_on = s.reported_on AND c.date_precision = 'day' AND c.source_id <> :source_id
             AND c.point IS NOT NULL
             AND (round(ST_X(c.point)::numeric, 4), round(ST_Y(c.point)::numeric, 4))
                 = (round(s.lon::numeric, 4), round(s.lat::numeric, 4))
JOIN source ON source.id = c.source_id
WHERE s.date_precision = 'day' AND s.lon IS NOT NULL
UNION ALL
SELECT s.row_number, source.name_th
FROM staged_case s
JOIN source ON source.id <> :source_id
JOIN "case" c ON c.source_id = source.id AND c.external_id = s.external_id AND c.province_code = s.province_code
WHERE starts_with(s.external_id, 'tally-') AND s.lon IS NULL
) AS one
GROUP BY one.row_number
ORDER BY one.row_number
LIMIT :limit
