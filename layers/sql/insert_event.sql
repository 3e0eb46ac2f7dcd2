INSERT INTO case_event (province_code, case_id, id, number, from_status, to_status, way, actor_id, note, evidence,
                        proposed_by, closing_id)
VALUES (:province, :case_id, :id, :number, :old, :new, :way, :actor, :note, :evidence, :proposed_by, :closing_id)
