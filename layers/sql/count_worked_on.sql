-- Cases that an import made or changed and that people have worked on since: a step, a team, a name, a unit, a visit,
-- another case merged into it.
SELECT count(*) FROM "case" c
WHERE (c.import_run_id = :run_id
       OR (c.province_code, c.id) IN (SELECT province_code, case_id FROM import_change WHERE run_id = :run_id))
  AND (EXISTS (SELECT FROM case_event e WHERE e.province_code = c.province_code AND e.case_id = c.id
               AND e.happened_at >= :made_at AND e.actor_id IS NOT NULL)
       OR (c.import_run_id = :run_id
           AND (EXISTS (SELECT FROM case_merge m WHERE m.kept_province = c.province_code AND m.kept_id = c.id
                        AND m.unmerged_at IS NULL)
                OR EXISTS (SELECT FROM case_closing w WHERE w.province_code = c.province_code AND w.case_id = c.id)
                OR EXISTS (SELECT FROM case_assignment w WHERE w.province_code = c.province_code AND w.case_id = c.id)
                OR EXISTS (SELECT FROM referral w WHERE w.province_code = c.province_code AND w.case_id = c.id)
                OR EXISTS (SELECT FROM visit w WHERE w.province_code = c.province_code AND w.case_id = c.id)
                OR EXISTS (SELECT FROM assistance w WHERE w.province_code = c.province_code AND w.case_id = c.id)
                OR EXISTS (SELECT FROM case_member m WHERE m.province_code = c.province_code AND m.case_id = c.id)
                OR EXISTS (SELECT FROM identity_key k WHERE k.province_code = c.province_code AND k.case_id = c.id))))
