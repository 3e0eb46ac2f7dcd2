-- Pairs of cases that may be one told twice: an open one, and another reported about when it was, that lies near it and
-- is of the same kind of problem, or whose person has the same number. Row-level security leaves out what the one who
-- asks may not read, the hashes of persons among it.
WITH mine AS MATERIALIZED (
    SELECT c.* FROM "case" AS c
    WHERE c.status = ANY (:mergeable) AND c.cases = 1 AND c.date_precision = 'day' AND {within}
    ORDER BY c.recorded_at DESC, c.id LIMIT :newest
),
shared AS MATERIALIZED (
    SELECT x.case_id AS one, y.case_id AS other, array_agg(DISTINCT x.field ORDER BY x.field) AS fields
    FROM identity_search AS x
    JOIN identity_search AS y ON y.hash = x.hash AND y.field = x.field AND y.case_id <> x.case_id
    WHERE x.case_id IN (SELECT id FROM mine)
    GROUP BY 1, 2
),
near AS (
    SELECT a.id AS one, b.id AS other
    FROM mine AS a
    JOIN "case" AS b ON left(b.problem_code, 3) = left(a.problem_code, 3) AND b.id <> a.id
        AND abs(b.reported_on - a.reported_on) <= :days
        AND (b.subdistrict_code = a.subdistrict_code
             OR (abs(ST_X(b.point) - ST_X(a.point)) < 0.01 AND abs(ST_Y(b.point) - ST_Y(a.point)) < 0.01
                 AND ST_Distance(a.point::geography, b.point::geography) <= :metres))
    WHERE b.cases = 1 AND b.date_precision = 'day' AND b.status <> ALL (:uncounted)
    UNION
    SELECT one, other FROM shared WHERE fields && ARRAY['national_id', 'phone']::varchar[]
),
pair AS (SELECT DISTINCT least(one, other) AS one, greatest(one, other) AS other FROM near)
SELECT a.id AS one, b.id AS other,
       ST_Distance(a.point::geography, b.point::geography) AS metres,
       coalesce(a.subdistrict_code = b.subdistrict_code, false) AS same_subdistrict,
       abs(a.reported_on - b.reported_on) AS days,
       a.problem_code = b.problem_code AS same_problem,
       left(a.problem_code, 3) = left(b.problem_code, 3) AS same_category,
       a.target_groups && b.target_groups AS same_group,
       coalesce((SELECT fields FROM shared WHERE (shared.one, shared.other) IN ((a.id, b.id), (b.id, a.id)) LIMIT 1),
                ARRAY[]::varchar[]) AS fields
FROM pair
JOIN "case" AS a ON a.id = pair.one
JOIN "case" AS b ON b.id = pair.other
WHERE a.status <> ALL (:uncounted) AND b.status <> ALL (:uncounted) AND a.cases = 1 AND b.cases = 1
  AND abs(a.reported_on - b.reported_on) <= :days
  AND NOT EXISTS (SELECT FROM distinct_cases AS d WHERE d.case_id = pair.one AND d.other_id = pair.other)
ORDER BY cardinality(coalesce((SELECT fields FROM shared
                               WHERE (shared.one, shared.other) IN ((a.id, b.id), (b.id, a.id)) LIMIT 1),
                              ARRAY[]::varchar[])) DESC,
         metres NULLS LAST, same_problem DESC, days, a.id, b.id
LIMIT :most
