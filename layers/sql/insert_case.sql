INSERT INTO "case" (province_code, id, source_id, external_id, problem_code, urgency, status, close_reason,
                    sensitivity, reported_on, date_precision, cases, weight, counted,
                    target_groups, secondary_problems, point, accuracy_m, stated_code,
                    village_code, district_code, subdistrict_code, area_match, edition_id, unit_id, created_by)
VALUES (:province_code, :id, :source_id, :external_id, :problem_code, :urgency, :status, :close_reason,
        :sensitivity, :reported_on, :date_precision, :cases, :weight, :counted,
        :target_groups, :secondary_problems, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326),
        :accuracy_m, :stated_code, :village_code, :district_code, :subdistrict_code, :area_match, :edition_id,
        :unit_id, :created_by)
