-- The cells that signed cases add up to. Coarser cells are summed from finer ones, so that a million cases are read
-- a few times and not once a grain. A row counts as many cases as it stands for. p, d, s: the finest code known down to province, district, subdistrict.
WITH one AS MATERIALIZED (
    SELECT c.sign * c.cases AS cases, c.sign * c.weight AS weight, c.source_id, c.counted, c.problem_code AS sub,
           left(c.problem_code, 3) AS cat, c.date_precision = 'year' AS year_only,
           c.date_precision = 'fiscal' AS fy_only, c.province_code AS p,
           coalesce(c.district_code, c.province_code) AS d,
           coalesce(c.subdistrict_code, c.district_code, c.province_code) AS s,
           make_date(y, m, 1) AS month, make_date(y - CASE WHEN m < 10 THEN 1 ELSE 0 END, 10, 1) AS fy,
           make_date(y, 1, 1) AS year
    FROM ({changes}) c,
         LATERAL (SELECT extract(year FROM c.reported_on)::int AS y,
                         extract(month FROM c.reported_on)::int AS m) AS day
), d_month AS MATERIALIZED (
    SELECT p, d, cat, month, fy, fy_only, source_id, counted, sum(cases) AS cases, sum(weight) AS weight
    FROM one WHERE NOT year_only GROUP BY p, d, cat, month, fy, fy_only, source_id, counted
), d_fy AS MATERIALIZED (
    SELECT p, d, cat, fy, source_id, counted, sum(cases) AS cases, sum(weight) AS weight
    FROM d_month GROUP BY p, d, cat, fy, source_id, counted
), d_fy_sub AS MATERIALIZED (
    SELECT p, d, sub, fy, source_id, counted, sum(cases) AS cases, sum(weight) AS weight
    FROM one WHERE NOT year_only AND length(sub) = 6 GROUP BY p, d, sub, fy, source_id, counted
), d_year AS MATERIALIZED (
    SELECT p, d, cat, year, source_id, counted, sum(cases) AS cases, sum(weight) AS weight
    FROM one WHERE NOT fy_only GROUP BY p, d, cat, year, source_id, counted
), d_year_sub AS MATERIALIZED (
    SELECT p, d, sub, year, source_id, counted, sum(cases) AS cases, sum(weight) AS weight
    FROM one WHERE NOT fy_only AND length(sub) = 6 GROUP BY p, d, sub, year, source_id, counted
), early AS MATERIALIZED (
    SELECT p, d, s, cat, sub, year, source_id, counted, sum(cases) AS cases, sum(weight) AS weight
    FROM one WHERE year_only GROUP BY p, d, s, cat, sub, year, source_id, counted
), late AS MATERIALIZED (
    SELECT p, d, cat, sub, fy, source_id, counted, sum(cases) AS cases, sum(weight) AS weight
    FROM one WHERE fy_only GROUP BY p, d, cat, sub, fy, source_id, counted
), s_fy AS MATERIALIZED (
    SELECT p, s, cat, fy, source_id, counted, sum(cases) AS cases, sum(weight) AS weight
    FROM one WHERE NOT year_only GROUP BY p, s, cat, fy, source_id, counted
)
SELECT 'province' AS level, 'month' AS grain, month AS period, cat AS problem_code, p AS province_code,
       p AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM d_month WHERE NOT fy_only GROUP BY month, cat, p, source_id, counted
UNION ALL
SELECT 'province' AS level, 'fy' AS grain, fy AS period, cat AS problem_code, p AS province_code,
       p AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM d_fy GROUP BY fy, cat, p, source_id, counted
UNION ALL
SELECT 'province' AS level, 'fy' AS grain, fy AS period, sub AS problem_code, p AS province_code,
       p AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM d_fy_sub GROUP BY fy, sub, p, source_id, counted
UNION ALL
SELECT 'province' AS level, 'year' AS grain, year AS period, cat AS problem_code, p AS province_code,
       p AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM d_year GROUP BY year, cat, p, source_id, counted
UNION ALL
SELECT 'province' AS level, 'year' AS grain, year AS period, sub AS problem_code, p AS province_code,
       p AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM d_year_sub GROUP BY year, sub, p, source_id, counted
UNION ALL
SELECT 'province' AS level, 'year_only' AS grain, year AS period, cat AS problem_code, p AS province_code,
       p AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM early GROUP BY year, cat, p, source_id, counted
UNION ALL
SELECT 'province' AS level, 'year_only' AS grain, year AS period, sub AS problem_code, p AS province_code,
       p AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM early WHERE length(sub) = 6 GROUP BY year, sub, p, source_id, counted
UNION ALL
SELECT 'district' AS level, 'month' AS grain, month AS period, cat AS problem_code, p AS province_code,
       d AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM d_month WHERE NOT fy_only GROUP BY month, cat, p, d, source_id, counted
UNION ALL
SELECT 'district' AS level, 'fy' AS grain, fy AS period, cat AS problem_code, p AS province_code,
       d AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM d_fy GROUP BY fy, cat, p, d, source_id, counted
UNION ALL
SELECT 'district' AS level, 'fy' AS grain, fy AS period, sub AS problem_code, p AS province_code,
       d AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM d_fy_sub GROUP BY fy, sub, p, d, source_id, counted
UNION ALL
SELECT 'district' AS level, 'year' AS grain, year AS period, cat AS problem_code, p AS province_code,
       d AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM d_year GROUP BY year, cat, p, d, source_id, counted
UNION ALL
SELECT 'district' AS level, 'year' AS grain, year AS period, sub AS problem_code, p AS province_code,
       d AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM d_year_sub GROUP BY year, sub, p, d, source_id, counted
UNION ALL
SELECT 'district' AS level, 'year_only' AS grain, year AS period, cat AS problem_code, p AS province_code,
       d AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM early GROUP BY year, cat, p, d, source_id, counted
UNION ALL
SELECT 'district' AS level, 'year_only' AS grain, year AS period, sub AS problem_code, p AS province_code,
       d AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM early WHERE length(sub) = 6 GROUP BY year, sub, p, d, source_id, counted
UNION ALL
SELECT 'subdistrict' AS level, 'fy' AS grain, fy AS period, cat AS problem_code, p AS province_code,
       s AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM s_fy GROUP BY fy, cat, p, s, source_id, counted
UNION ALL
SELECT 'subdistrict' AS level, 'year_only' AS grain, year AS period, cat AS problem_code, p AS province_code,
       s AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM early GROUP BY year, cat, p, s, source_id, counted
UNION ALL
SELECT 'province' AS level, 'fy_only' AS grain, fy AS period, cat AS problem_code, p AS province_code,
       p AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM late GROUP BY fy, cat, p, source_id, counted
UNION ALL
SELECT 'province' AS level, 'fy_only' AS grain, fy AS period, sub AS problem_code, p AS province_code,
       p AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM late WHERE length(sub) = 6 GROUP BY fy, sub, p, source_id, counted
UNION ALL
SELECT 'district' AS level, 'fy_only' AS grain, fy AS period, cat AS problem_code, p AS province_code,
       d AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM late GROUP BY fy, cat, p, d, source_id, counted
UNION ALL
SELECT 'district' AS level, 'fy_only' AS grain, fy AS period, sub AS problem_code, p AS province_code,
       d AS area_code, source_id, counted, sum(cases)::int AS cases, sum(weight) AS weight
FROM late WHERE length(sub) = 6 GROUP BY fy, sub, p, d, source_id, counted
