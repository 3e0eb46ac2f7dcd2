-- The cells that signed cases add up to. Coarser cells are summed from finer ones, so that a million cases are read
-- a few times and not once a grain. A row counts as many cases as it stands for. p, d, s: the finest code known down to province, district, subdistrict.
WITH one AS MATERIALIZED (
    SELECT c.sign * c.cases AS cases, c.sign * c.weight AS weight, c.source_id, c.counted, c.problem_code AS sub,
           left(c.problem_code, 3) AS cat, c.date_precision = 'year' AS year_only,
           c.date_precision = 'fiscal' AS fy_only, c.province_code AS p,
           coalesce(c.district_code, c.province_code) AS d,
           coalesce(c.subdistrict_code, c.district_code, c.province_code) AS s,
           make_date(y, m, 1) AS month, make_date(y - CASE WHEN m < 10 THEN 1 ELSE 0 END, 10, 1) AS fy,
           make_date(y, 1, 1) AS year, target_group
    FROM ({changes}) c,
         LATERAL (SELECT extract(year FROM c.reported_on)::int AS y,
                         extract(month FROM c.reported_on)::int AS m) AS day
), d_fy AS MATERIALIZED (
    SELECT p, d, cat, fy, source_id, counted, sum(cases) AS cases, sum(weight) AS weight, target_group
    FROM one WHERE NOT year_only GROUP BY p, d, cat, fy, source_id, counted, target_group
), p_year AS MATERIALIZED (
    SELECT p, cat, year, source_id, counted, sum(cases) AS cases, sum(weight) AS weight, target_group
    FROM one WHERE NOT fy_only GROUP BY p, cat, year, source_id, counted, target_group
), early AS MATERIALIZED (
    SELECT p, d, cat, year, source_id, counted, sum(cases) AS cases, sum(weight) AS weight, target_group
    FROM one WHERE year_only GROUP BY p, d, cat, year, source_id, counted, target_group
), late AS MATERIALIZED (
    SELECT p, cat, fy, source_id, counted, sum(cases) AS cases, sum(weight) AS weight, target_group
    FROM one WHERE fy_only GROUP BY p, cat, fy, source_id, counted, target_group
)
SELECT 'province' AS level, 'fy' AS grain, fy AS period, target_group, cat AS problem_code, p AS province_code,
       p AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM d_fy GROUP BY fy, target_group, cat, p, source_id, counted
UNION ALL
SELECT 'province' AS level, 'year' AS grain, year AS period, target_group, cat AS problem_code, p AS province_code,
       p AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM p_year GROUP BY year, target_group, cat, p, source_id, counted
UNION ALL
SELECT 'province' AS level, 'year_only' AS grain, year AS period, target_group, cat AS problem_code, p AS province_code,
       p AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM early GROUP BY year, target_group, cat, p, source_id, counted
UNION ALL
SELECT 'district' AS level, 'fy' AS grain, fy AS period, target_group, cat AS problem_code, p AS province_code,
       d AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM d_fy GROUP BY fy, target_group, cat, p, d, source_id, counted
UNION ALL
SELECT 'district' AS level, 'year_only' AS grain, year AS period, target_group, cat AS problem_code, p AS province_code,
       d AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM early GROUP BY year, target_group, cat, p, d, source_id, counted
UNION ALL
SELECT 'province' AS level, 'fy_only' AS grain, fy AS period, target_group, cat AS problem_code, p AS province_code,
       p AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM late GROUP BY fy, target_group, cat, p, source_id, counted
