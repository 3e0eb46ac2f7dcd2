-- When the present step of each case should be done, of cases that somebody works on: open, of a unit, one case a row.
-- Hours run round the clock; working days are counted in Bangkok from the day after, to the end of the last one.
WITH shipped AS (
    SELECT * FROM unnest(CAST(:steps AS text[]), CAST(:urgencies AS text[]), CAST(:hours AS int[]),
                         CAST(:days AS int[])) AS one (step, urgency, hours, working_days)
),
allowed AS (
    SELECT coalesce(t.step, s.step) AS step, coalesce(t.urgency, s.urgency) AS urgency,
           CASE WHEN t.step IS NULL THEN s.hours ELSE t.hours END AS hours,
           CASE WHEN t.step IS NULL THEN s.working_days ELSE t.working_days END AS working_days
    FROM shipped s FULL JOIN time_limit t ON t.step = s.step AND t.urgency = s.urgency
),
clock AS (
    SELECT * FROM unnest(CAST(:clocks AS text[]), CAST(:statuses AS int[])) AS one (step, status)
),
running AS (
    SELECT c.province_code, c.id, c.district_code, c.problem_code, c.sensitivity, c.urgency, c.status, c.unit_id, k.step,
           coalesce(
               CASE WHEN k.step = 'referral_ack' THEN (
                   SELECT min(r.sent_at) FROM referral r
                   WHERE r.province_code = c.province_code AND r.case_id = c.id AND r.state = 'sent') END,
               (SELECT max(e.happened_at) FROM case_event e
                WHERE e.province_code = c.province_code AND e.case_id = c.id
                  AND EXISTS (SELECT FROM clock o WHERE o.step = k.step AND o.status = e.to_status)
                  AND NOT EXISTS (SELECT FROM clock o WHERE o.step = k.step AND o.status = e.from_status)),
               c.recorded_at) AS since
    FROM "case" c JOIN clock k ON k.status = c.status
    WHERE c.unit_id IS NOT NULL AND c.cases = 1 AND (CAST(:case_id AS uuid) IS NULL OR c.id = :case_id)
      AND NOT (k.step = 'referral_ack'
               AND EXISTS (SELECT FROM referral r WHERE r.province_code = c.province_code AND r.case_id = c.id)
               AND NOT EXISTS (SELECT FROM referral r WHERE r.province_code = c.province_code AND r.case_id = c.id
                               AND r.state = 'sent'))
),
bounds AS (
    SELECT (min(since) AT TIME ZONE 'Asia/Bangkok')::date AS first,
           (max(since) AT TIME ZONE 'Asia/Bangkok')::date AS last FROM running
),
calendar AS (
    SELECT day, works, sum(works::int) OVER (ORDER BY day) AS number
    FROM (SELECT day::date AS day,
                 extract(isodow FROM day) < 6 AND to_char(day, 'MM-DD') <> ALL (CAST(:yearly AS text[]))
                 AND NOT EXISTS (SELECT FROM holiday h WHERE h.day = one.day::date) AS works
          FROM bounds, generate_series(bounds.first, bounds.last + CAST(:reach AS int), interval '1 day') AS one (day)) d
),
due AS (
    SELECT r.*, CASE
        WHEN a.hours IS NOT NULL THEN r.since + make_interval(hours => a.hours)
        ELSE ((ends.day + 1)::timestamp AT TIME ZONE 'Asia/Bangkok') END AS deadline
    FROM running r
    JOIN allowed a ON a.step = r.step AND a.urgency = r.urgency
    LEFT JOIN calendar begins ON a.working_days IS NOT NULL
        AND begins.day = (r.since AT TIME ZONE 'Asia/Bangkok')::date
    LEFT JOIN calendar ends ON ends.works AND ends.number = begins.number + a.working_days
    WHERE num_nonnulls(a.hours, a.working_days) = 1
    UNION ALL
    SELECT c.province_code, c.id, c.district_code, c.problem_code, c.sensitivity, c.urgency, c.status, c.unit_id, 'visit',
           (v.due_on::timestamp AT TIME ZONE 'Asia/Bangkok'),
           ((v.due_on + 1)::timestamp AT TIME ZONE 'Asia/Bangkok')
    FROM visit v JOIN "case" c ON c.province_code = v.province_code AND c.id = v.case_id
    WHERE v.done_on IS NULL AND c.unit_id IS NOT NULL AND c.cases = 1 AND c.status <> ALL (:over)
      AND (CAST(:case_id AS uuid) IS NULL OR c.id = :case_id)
)
SELECT id AS case_id, province_code, district_code, sensitivity, urgency, status, unit_id, step, since, deadline
FROM due
WHERE deadline IS NOT NULL AND (CAST(:now AS timestamptz) IS NULL OR deadline <= :now)
ORDER BY deadline, id, step LIMIT :limit
