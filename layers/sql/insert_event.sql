INSERT INTO case_event (province_code, case_id, id, from_status, to_status, actor_id, note)
VALUES (:province, :case_id, :id, :old, :new, :actor, :note)
