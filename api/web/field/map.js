// A map of the phone's own areas, drawn from what lies on the phone: outlines, names, the place, how exact it is.
import { h, svg, button } from './dom.js';
import { boxOf, contains, finest, flat, isOwn, namePoint, rings, roomAt } from './places.js';
import { areaName, number, t } from './words.js';

const STEPS = [50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000];
const TAP = 8, PAN = 40, NEAREST = 4, FARTHEST = 0.002, REACH = 8000;

// `onPick(lat, lon)` makes the map one on which a place is chosen; without it the map is a picture.
export function areaMap({ areas, phone, label, onPick = null }) {
  const plane = flat(areas.length ? areas : [EMPTY]);
  const shown = finest(areas).map((area) => ({ area, own: isOwn(phone, area.code), at: namePoint(area, plane) }));
  const view = { x: 0, y: 0, scale: 0.05 };
  let place = null;
  const world = svg('g', {}, shown.map(({ area, own }) => svg('path', { d: path(area, plane), class: own ? 'own' : 'near' })));
  const over = svg('g', {});
  const picture = svg('svg', onPick ? { class: 'map', tabindex: 0, role: 'application', 'aria-label': label } : { class: 'map', role: 'img', 'aria-label': label }, world, over);
  const node = h('div', { class: `map-frame${onPick ? ' picks' : ''}` }, picture, onPick ? zooming() : null);
  new ResizeObserver(() => draw()).observe(node);

  function zooming() {
    return h('div', { class: 'zoom' }, button('+', () => zoom(1.6), { 'aria-label': t('map.nearer') }), button('−', () => zoom(1 / 1.6), { 'aria-label': t('map.farther') }));
  }

  function size() {
    return { width: node.clientWidth || 300, height: node.clientHeight || 170 };
  }

  const toScreen = (x, y) => {
    const { width, height } = size();
    return [(x - view.x) * view.scale + width / 2, (y - view.y) * view.scale + height / 2];
  };

  function draw() {
    const { width, height } = size();
    picture.setAttribute('viewBox', `0 0 ${width} ${height}`);
    world.setAttribute('transform', `translate(${width / 2} ${height / 2}) scale(${view.scale}) translate(${-view.x} ${-view.y})`);
    over.replaceChildren(...names(width, height), ...marks(), ...(onPick ? cross(width, height) : []), bar(width, height));
  }

  function names(width, height) {
    const taken = [];
    return [...shown].sort((a, b) => b.own - a.own || b.at.room - a.at.room).flatMap(({ area, own, at }) => {
      const words = areaName(area);
      const wide = words.length * 4.2;
      const free = ([x, y]) => !(onPick && x + wide > width - 68 && y < 140) && x - wide > 4 && x + wide < width - 4 && y > 16 && y < height - 28 && !marked(x, y, wide)
        && taken.every((other) => x + wide < other[0] || x - wide > other[2] || y + 9 < other[1] || y - 11 > other[3]);
      // Beside one's own areas the name of a neighbour stands only where it has room.
      const roomy = own || at.room * view.scale > wide * 0.7;
      const found = [...(roomy ? [toScreen(at.x, at.y)] : []), ...within(area, width, height)].find(free);
      if (!found) return [];
      const [x, y] = found;
      taken.push([x - wide, y - 11, x + wide, y + 9]);
      return [svg('text', { x, y: y + 4, class: own ? 'own' : 'near' }, words)];
    });
  }

  // Where an area's own middle is out of sight: other places within it, those farthest
  // from its edge first.
  function within(area, width, height) {
    const found = [];
    for (let i = 1; i < 8; i++) for (let j = 1; j < 7; j++) {
      const x = width * j / 7, y = height * i / 8;
      const lon = plane.lon((x - width / 2) / view.scale + view.x), lat = plane.lat((y - height / 2) / view.scale + view.y);
      if (contains(area, lon, lat)) found.push([x, y, roomAt(area, plane, lon, lat)]);
    }
    const clear = found.filter((one) => one[2] * view.scale > (isOwn(phone, area.code) ? 14 : 26));      // beside its edge a name reads as the neighbour's
    return clear.sort((a, b) => b[2] - a[2]);
  }

  function marked(x, y, wide) {
    if (!place) return false;
    const [px, py] = toScreen(plane.x(place.lon), plane.y(place.lat)), room = 18 + (place.accuracy || 0) * view.scale;
    return Math.abs(px - x) < wide + room && Math.abs(py - y) < 12 + room;
  }

  function marks() {
    if (!place) return [];
    const [x, y] = toScreen(plane.x(place.lon), plane.y(place.lat));
    const around = place.accuracy ? [svg('circle', { class: 'accuracy', cx: x, cy: y, r: Math.max(14, place.accuracy * view.scale) })] : [];
    return [...around, svg('circle', { class: 'place-rim', cx: x, cy: y, r: 11 }), svg('circle', { class: 'place', cx: x, cy: y, r: 7 })];
  }

  const cross = (width, height) => [svg('path', { class: 'cross', d: `M${width / 2 - 12} ${height / 2}h24M${width / 2} ${height / 2 - 12}v24` })];

  function bar(width, height) {
    const metres = STEPS.find((step) => step * view.scale >= 44) || STEPS.at(-1);
    const long = metres * view.scale, x = width - 12 - long, y = height - 10;
    const words = metres < 1000 ? t('map.metres', { n: metres }) : t('map.kilometres', { n: number(metres / 1000) });
    return svg('g', { class: 'bar' }, svg('path', { d: `M${x} ${y - 7}v7h${long}v-7` }), svg('text', { x: x + long / 2, y: y - 5 }, words));
  }

  // Near enough to tell houses apart, and far enough to see the nearest edge where one is within reach.
  function closeTo(lon, lat, accuracy) {
    const { height } = size(), exact = 40 / Math.max(accuracy || 0, 120);
    const edge = Math.min(...shown.map(({ area }) => roomAt(area, plane, lon, lat)), Infinity);
    const seen = edge < REACH ? height * 0.36 / Math.max(edge, 1) : 0.04;
    return Math.min(0.5, exact, Math.max(0.02, seen));
  }

  function zoom(by) {
    view.scale = Math.min(NEAREST, Math.max(FARTHEST, view.scale * by));
    draw();
  }

  function pan(dx, dy) {
    view.x -= dx / view.scale;
    view.y -= dy / view.scale;
    draw();
  }

  function pick(screenX, screenY) {
    const { width, height } = size();
    const x = (screenX - width / 2) / view.scale + view.x, y = (screenY - height / 2) / view.scale + view.y;
    onPick(Number(plane.lat(y).toFixed(6)), Number(plane.lon(x).toFixed(6)));
  }

  if (onPick) listen(picture, { pan, zoom, pick, size });

  return {
    node,
    // Look at all of the phone's own areas.
    overview() {
      const own = shown.filter((one) => one.own).map((one) => one.area);
      if (!shown.length) return draw();
      const box = boxOf(own.length ? own : shown.map((one) => one.area), plane), { width, height } = size();
      Object.assign(view, { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 });
      view.scale = Math.min(width / (box.right - box.left), height / (box.bottom - box.top)) * 0.92;
      return draw();
    },
    show(lat, lon, accuracy, near = false) {
      place = { lat, lon, accuracy };
      Object.assign(view, { x: plane.x(lon), y: plane.y(lat) });
      if (near) view.scale = closeTo(lon, lat, accuracy);
      draw();
    },
    mark(lat, lon) {
      place = { lat, lon, accuracy: null };
      draw();
    },
  };
}

const EMPTY = { geometry: { type: 'Polygon', coordinates: [[[100, 13], [101, 13], [101, 14], [100, 13]]] } };

const path = (area, plane) => rings(area).map((ring) => 'M' + ring.map(([lon, lat]) => `${plane.x(lon).toFixed(0)} ${plane.y(lat).toFixed(0)}`).join('L') + 'Z').join('');

// One finger moves, two zoom, a tap chooses; arrows, plus, minus and Enter do the same for who uses keys.
function listen(picture, { pan, zoom, pick, size }) {
  const fingers = new Map();
  let moved = 0, spread = 0;
  const at = (event) => ({ x: event.offsetX, y: event.offsetY, clientX: event.clientX, clientY: event.clientY });
  const distance = () => {
    const [a, b] = [...fingers.values()];
    return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  };
  picture.addEventListener('pointerdown', (event) => {
    picture.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, at(event));
    if (fingers.size === 1) moved = 0;
    if (fingers.size === 2) spread = distance();
  });
  picture.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    fingers.set(event.pointerId, at(event));
    const dx = event.clientX - before.clientX, dy = event.clientY - before.clientY;
    moved += Math.hypot(dx, dy);
    if (fingers.size === 1 && moved > TAP) pan(dx, dy);
    if (fingers.size === 2) {
      moved = Infinity;
      zoom(distance() / (spread || 1));
      spread = distance();
    }
  });
  const up = (event) => {
    const held = fingers.delete(event.pointerId);
    if (!held || event.type !== 'pointerup' || fingers.size || moved > TAP) return;
    const frame = picture.getBoundingClientRect();
    pick(event.clientX - frame.left, event.clientY - frame.top);
  };
  for (const kind of ['pointerup', 'pointercancel']) picture.addEventListener(kind, up);
  picture.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.25 : 0.8);
  }, { passive: false });
  const keys = {
    ArrowLeft: () => pan(PAN, 0), ArrowRight: () => pan(-PAN, 0), ArrowUp: () => pan(0, PAN), ArrowDown: () => pan(0, -PAN),
    '+': () => zoom(1.6), '=': () => zoom(1.6), '-': () => zoom(1 / 1.6),
    Enter: () => pick(size().width / 2, size().height / 2), ' ': () => pick(size().width / 2, size().height / 2),
  };
  picture.addEventListener('keydown', (event) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
}
