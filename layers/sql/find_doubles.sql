-- Staged rows that look like a case of another source: the same problem on the same day within some ten metres.
SELECT s.row_number, min(source.name_th) AS source_name, count(*) OVER () AS all_rows
FROM staged_case s
JOIN "case" c ON c.province_code = s.province_code AND c.problem_code = s.problem_code
             AND c.reported_on = s.reported_on AND c.date_precision = 'day' AND c.source_id <> :source_id
             AND c.point IS NOT NULL
             AND (round(ST_X(c.point)::numeric, 4), round(ST_Y(c.point)::numeric, 4))
                 = (round(s.lon::numeric, 4), round(s.lat::numeric, 4))
JOIN source ON source.id = c.source_id
WHERE s.date_precision = 'day' AND s.lon IS NOT NULL
GROUP BY s.row_number
ORDER BY s.row_number
LIMIT :limit
