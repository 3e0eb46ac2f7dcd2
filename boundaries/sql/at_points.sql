-- Which area each of many points lies in: one row per point, in the order given.
-- :lats, :lons arrays of degrees; :limit_m how far a point outside may be from an area and still belong to it.
-- Shapes are clipped to the point's surroundings first: what is cut away is too far to matter, and it is faster.
-- Distance: equirectangular, scaled at the point's latitude (see boundaries/points.py). Ties go to the smallest code.
WITH
edition AS (
    SELECT id, lowest_level FROM edition WHERE state = 'active'
),
point AS (
    SELECT
        place,
        ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS geom,
        lon,
        lat,
        :metres_per_degree * cos(radians(lat)) AS east,
        CAST(:metres_per_degree AS double precision) AS north
    FROM unnest(CAST(:lats AS double precision[]), CAST(:lons AS double precision[]))
        WITH ORDINALITY AS given (lat, lon, place)
)
SELECT
    coalesce(inside.code, nearest.code) AS code,
    CASE WHEN inside.code IS NOT NULL THEN 'inside' WHEN nearest.code IS NOT NULL THEN 'nearest' ELSE 'outside' END
        AS area_match,
    CASE WHEN inside.code IS NOT NULL THEN 0 ELSE nearest.distance END AS distance_m
FROM point
CROSS JOIN edition
LEFT JOIN LATERAL (
    SELECT min(area.code) AS code
    FROM area
    WHERE area.edition_id = edition.id AND area.level = edition.lowest_level AND ST_Intersects(area.geom, point.geom)
) AS inside ON true
LEFT JOIN LATERAL (
    SELECT near.code, near.distance
    FROM (
        SELECT
            area.code,
            ST_Distance(
                ST_Affine(
                    ST_ClipByBox2D(area.geom, ST_Expand(point.geom, 1.01 * :limit_m / east, 1.01 * :limit_m / north)),
                    east, 0, 0, north, -lon * east, -lat * north
                ),
                ST_SetSRID(ST_MakePoint(0, 0), 4326)
            ) AS distance
        FROM area
        WHERE
            inside.code IS NULL
            AND area.edition_id = edition.id
            AND area.level = edition.lowest_level
            AND area.geom && ST_Expand(point.geom, 1.01 * :limit_m / east, 1.01 * :limit_m / north)
    ) AS near
    WHERE near.distance <= :limit_m
    ORDER BY near.distance, near.code
    LIMIT 1
) AS nearest ON true
ORDER BY place
