-- Which area each of many points lies in: one row per point, in the order given.
-- :lats, :lons arrays of degrees; :limit_m how far a point outside may be from an area and still belong to it.
-- Shapes are clipped to the point's surroundings first: what is cut away is too far to matter, and it is faster.
-- OFFSET 0 keeps the box search by itself: without statistics (just after a load, and the application may not ANALYZE)
-- the planner would rather walk through the whole edition for every point.
-- Distance: equirectangular, scaled at the point's latitude (see boundaries/points.py). Ties go to the smallest code.
WITH
edition AS (
    SELECT id, lowest_level FROM edition WHERE state = 'active'
),
scaled AS (
    SELECT
        place,
        lon,
        lat,
        :metres_per_degree * cos(radians(lat)) AS east,
        CAST(:metres_per_degree AS double precision) AS north
    FROM unnest(CAST(:lats AS double precision[]), CAST(:lons AS double precision[]))
        WITH ORDINALITY AS given (lat, lon, place)
),
point AS MATERIALIZED (
    SELECT
        *,
        ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS geom,
        ST_Expand(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 1.01 * :limit_m / east, 1.01 * :limit_m / north) AS around
    FROM scaled
)
SELECT
    coalesce(inside.code, nearest.code) AS code,
    CASE WHEN inside.code IS NOT NULL THEN 'inside' WHEN nearest.code IS NOT NULL THEN 'nearest' ELSE 'outside' END
        AS area_match,
    CASE WHEN inside.code IS NOT NULL THEN 0 ELSE nearest.distance END AS distance_m
FROM point
CROSS JOIN edition
LEFT JOIN LATERAL (
    SELECT min(boxed.code) AS code
    FROM (
        SELECT area.edition_id, area.level, area.code, area.geom
        FROM area
        WHERE area.geom && point.geom
        OFFSET 0
    ) AS boxed
    WHERE
        boxed.edition_id = edition.id
        AND boxed.level = edition.lowest_level
        AND ST_Intersects(boxed.geom, point.geom)
) AS inside ON true
LEFT JOIN LATERAL (
    SELECT near.code, near.distance
    FROM (
        SELECT
            boxed.code,
            ST_Distance(
                ST_Affine(ST_ClipByBox2D(boxed.geom, around), east, 0, 0, north, -lon * east, -lat * north),
                ST_SetSRID(ST_MakePoint(0, 0), 4326)
            ) AS distance
        FROM (
            SELECT area.edition_id, area.level, area.code, area.geom
            FROM area
            WHERE inside.code IS NULL AND area.geom && point.around
            OFFSET 0
        ) AS boxed
        WHERE boxed.edition_id = edition.id AND boxed.level = edition.lowest_level
        OFFSET 0
    ) AS near
    WHERE near.distance <= :limit_m
    ORDER BY near.distance, near.code
    LIMIT 1
) AS nearest ON true
ORDER BY place
