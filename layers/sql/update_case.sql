UPDATE "case"
SET province_code = :province_code, problem_code = :problem_code, urgency = :urgency, status = :status,
    close_reason = :close_reason, sensitivity = :sensitivity, reported_on = :reported_on,
    date_precision = :date_precision, cases = :cases, weight = :weight, counted = :counted,
    target_groups = :target_groups, secondary_problems = :secondary_problems,
    point = ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), accuracy_m = :accuracy_m, stated_code = :stated_code,
    village_code = :village_code, district_code = :district_code, subdistrict_code = :subdistrict_code,
    area_match = :area_match, edition_id = :edition_id,
    last_event = :last_event
WHERE province_code = :old_province AND id = :id
