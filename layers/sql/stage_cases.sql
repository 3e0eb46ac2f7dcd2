-- Rows of one source on their way in; COPY goes here, since COPY into a table with row-level security fails.
DROP TABLE IF EXISTS pg_temp.staged_case, pg_temp.case_delta;
CREATE TEMPORARY TABLE staged_case (
    id uuid NOT NULL,
    external_id text NOT NULL,
    problem_code text COLLATE "C" NOT NULL,
    urgency text,
    status int,
    close_reason text,
    sensitivity text NOT NULL,
    reported_on date NOT NULL,
    date_precision text NOT NULL,
    weight numeric(14, 3) NOT NULL,
    counted text COLLATE "C" NOT NULL,
    lon float8,
    lat float8,
    accuracy_m float8,
    stated_code text COLLATE "C",
    village_code text COLLATE "C",
    province_code text COLLATE "C" NOT NULL,
    district_code text COLLATE "C",
    subdistrict_code text COLLATE "C",
    area_match text NOT NULL,
    target_groups varchar[] COLLATE "C" NOT NULL,
    secondary_problems varchar[] COLLATE "C" NOT NULL,
    row_number int,
    cases int NOT NULL DEFAULT 1,
    old_province text COLLATE "C",
    old_status int
) ON COMMIT DROP;
CREATE TEMPORARY TABLE case_delta (
    sign int NOT NULL,
    province_code text COLLATE "C",
    district_code text COLLATE "C",
    subdistrict_code text COLLATE "C",
    problem_code text COLLATE "C",
    reported_on date,
    date_precision text,
    source_id int,
    counted text COLLATE "C",
    cases int NOT NULL,
    weight numeric,
    target_groups varchar[] COLLATE "C"
) ON COMMIT DROP;
