// Where a point lies among the phone's areas, and where their names stand. Distances in metres, flat: areas are small.
const METRES = 111320;

export function flat(areas) {
  const points = areas.flatMap((area) => rings(area).flat());
  const [lon0, lat0] = [mean(points.map((point) => point[0])), mean(points.map((point) => point[1]))];
  const wide = METRES * Math.cos(lat0 * Math.PI / 180);
  return {
    x: (lon) => (lon - lon0) * wide, y: (lat) => (lat0 - lat) * METRES,
    lon: (x) => x / wide + lon0, lat: (y) => lat0 - y / METRES,
  };
}

const mean = (numbers) => (Math.min(...numbers) + Math.max(...numbers)) / 2;

export function rings(area) {
  const shape = area.geometry;
  if (!shape) return [];
  return shape.type === 'Polygon' ? shape.coordinates : shape.coordinates.flat();
}

function within(ringsOf, x, y) {
  let inside = false;
  for (const ring of ringsOf) for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i], [bx, by] = ring[j];
    if ((ay > y) !== (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

export const contains = (area, lon, lat) => within(rings(area), lon, lat);

// The areas of the finest level that the phone was given: a phone for a whole region has districts only.
export const finest = (areas) => ['subdistrict', 'district', 'province'].map((level) => areas.filter((area) => area.level === level)).find((some) => some.length) || [];

// The area that a point lies in, or undefined.
export const areaAt = (areas, lon, lat) => finest(areas).find((area) => contains(area, lon, lat));

// Whether the phone may add cases there: its areas are codes of any level.
export const isOwn = (phone, code) => !phone?.areas || phone.areas.some((own) => own === 'TH' || code.startsWith(own.slice(0, 6)));

// The point within that is farthest from the edge, of a coarse grid: good enough for a name.
export function namePoint(area, plane) {
  const flatRings = rings(area).map((ring) => ring.map(([lon, lat]) => [plane.x(lon), plane.y(lat)]));
  const xs = flatRings.flat().map((point) => point[0]), ys = flatRings.flat().map((point) => point[1]);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  let best = null;
  for (let i = 1; i < 14; i++) for (let j = 1; j < 14; j++) {
    const x = left + (right - left) * i / 14, y = top + (bottom - top) * j / 14;
    if (!within(flatRings, x, y)) continue;
    const room = edgeDistance(flatRings, x, y);
    if (!best || room > best.room) best = { x, y, room };
  }
  return best || { x: (left + right) / 2, y: (top + bottom) / 2, room: 0 };
}

export const roomAt = (area, plane, lon, lat) =>
  edgeDistance(rings(area).map((ring) => ring.map(([x, y]) => [plane.x(x), plane.y(y)])), plane.x(lon), plane.y(lat));

function edgeDistance(ringsOf, x, y) {
  let least = Infinity;
  for (const ring of ringsOf) for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = ring[i - 1], dx = ring[i][0] - ax, dy = ring[i][1] - ay;
    const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
    least = Math.min(least, Math.hypot(x - ax - along * dx, y - ay - along * dy));
  }
  return least;
}

// The smallest box around areas, in the plane.
export function boxOf(areas, plane) {
  const points = areas.flatMap((area) => rings(area).flat());
  const xs = points.map((point) => plane.x(point[0])), ys = points.map((point) => plane.y(point[1]));
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}
