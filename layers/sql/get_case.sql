SELECT c.*, ST_Y(c.point) AS lat, ST_X(c.point) AS lon
FROM "case" c
WHERE c.id = :id
