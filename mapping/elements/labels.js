// Places the labels of a map: none collides, none is lost. An area that has no room for its name is named at the end of
// a leader line; one that has no room for that gets a number, and the numbers are spelled out in a key.
(function (S) {
  'use strict';
  const GAP = 3;

  S.labelStyles = {
    roomy: { name: 14.5, value: 13, badge: 19, counts: true, circle: 24, leader: 120 },
    dense: { name: 12, value: 0, badge: 14, counts: false, circle: 8, leader: 120 },
    crowd: { name: 12, value: 0, badge: 14, counts: false, circle: 0, leader: 90 },
    bare: { name: 12, value: 0, badge: 0, counts: false, circle: 0, leader: 0 },
    phone: { name: 12, value: 0, badge: 15, counts: false, circle: 11, leader: 70 },
  };

  const boxAt = (x, y, w, h) => [x - w / 2, y - h / 2, x + w / 2, y + h / 2];
  const meets = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  const grown = (box, by) => [box[0] - by, box[1] - by, box[2] + by, box[3] + by];

  function crosses(line, box) {
    const [x1, y1, x2, y2] = line;
    let from = 0, to = 1;
    for (const [p, q] of [[x1 - x2, x1 - box[0]], [x2 - x1, box[2] - x1], [y1 - y2, y1 - box[1]], [y2 - y1, box[3] - y1]]) {
      if (p === 0) { if (q < 0) return false; continue; }
      if (p < 0) from = Math.max(from, q / p);
      else to = Math.min(to, q / p);
    }
    return from <= to;
  }

  function linesMeet(a, b) {
    const side = (p, x, y) => (p[2] - p[0]) * (y - p[1]) - (p[3] - p[1]) * (x - p[0]);
    return side(a, b[0], b[1]) * side(a, b[2], b[3]) < 0 && side(b, a[0], a[1]) * side(b, a[2], a[3]) < 0;
  }

  function rings(radii, turns, flat) {
    const spots = [[0, 0]];
    for (const radius of radii) for (let i = 0; i < turns; i++) {
      const angle = (i / turns) * 2 * Math.PI + Math.PI / 2;
      spots.push([radius * Math.cos(angle), radius * Math.sin(angle) * flat]);
    }
    return spots;
  }
  const NEAR = rings([5, 10, 16, 22, 30, 40, 52, 66, 80], 16, 0.8);
  const FAR = rings([22, 28, 34, 40, 48, 56, 64, 72, 80, 90, 100, 110, 120, 135, 150], 28, 1).slice(1);

  // A circle so large that the largest is easy to see and few touch.
  S.circleScale = function (points, style) {
    const counted = points.filter((point) => point.count > 0);
    if (!counted.length || !style.circle) return 0;
    const most = Math.max(...counted.map((point) => point.count));
    const pairs = [];
    for (let i = 0; i < counted.length; i++) for (let j = 0; j < i; j++) {
      const a = counted[i], b = counted[j];
      pairs.push(Math.hypot(a.x - b.x, a.y - b.y) / (Math.sqrt(a.count) + Math.sqrt(b.count)));
    }
    pairs.sort((a, b) => a - b);
    const apart = pairs.length ? pairs[Math.floor(counted.length * 0.08)] * 1.1 : Infinity;
    return Math.max(5.5, Math.min(style.circle, apart * Math.sqrt(most))) / Math.sqrt(most);
  };

  // Under a mind map only names remain, where they hide nothing.
  S.planWords = function (given) {
    const names = given.areas.map((area, i) => ({ id: given.around.length + i + 1, text: area.name, kind: 'near', spacing: 1, code: area.code }))
      .map((word) => ({ ...word, seen: given.inner[word.id] })).filter((word) => word.seen && word.code !== S.radial);
    return S.planLabels({ ...given, areas: [], words: [...names, ...given.words], within: given.around.length });
  };

  // A plan of all labels for what the map shows now. `given` = {areas, around, blocked, style, scale, raster, inner, size}.
  S.planLabels = function (given) {
    const plan = { boxes: [], circles: [], leaders: [], numbered: [], words: [] };
    const taken = given.blocked.map((box) => box.slice());
    const frame = [4, 4, given.size.x - 4, given.size.y - 4];
    const isArea = (id) => id > given.around.length;
    const within = (box) => box[0] >= frame[0] && box[1] >= frame[1] && box[2] <= frame[2] && box[3] <= frame[3];
    const free = (box, self) => within(box) && !taken.some((other) => (self === undefined || other.self !== self) && meets(box, other))
      && !plan.leaders.some((leader) => crosses(leader.line, box));
    const take = (box, self) => {
      const kept = grown(box, GAP / 2);
      if (self !== undefined) kept.self = self;
      taken.push(kept);
    };
    const seen = given.areas.map((area, i) => measured(area, i, given)).filter((area) => area.seen);
    const fits = (share) => (area, size, box) => S.share(given.raster, box, (id) => id === area.id) >= share;
    const areas = seen.filter((area) => given.only(given.areas[area.i]));
    areas.sort((a, b) => b.seen.cells - a.seen.cells);
    for (const area of seen) if (area.r && !areas.includes(area)) plan.circles.push({ area, x: area.x, y: area.y, r: area.r, text: '' });

    // 1. circles stand at the inner point, or above the name where the whole stack fits into its own area
    const waiting = [];
    for (const area of areas) {
      if (area.r) placeStack(area);
      if (!area.placed) waiting.push(area);
    }
    for (const area of waiting) if (area.r) {
      const middle = area.x - area.r + area.row.w / 2, row = boxAt(middle, area.y, area.row.w, area.row.h);
      const room = area.count && (area.r > 12 || free(row));
      plan.circles.push({ area, x: area.x, y: area.y, r: area.r, text: room ? area.count : '' });
      take(room ? row : boxAt(area.x, area.y, 2 * area.r, 2 * area.r), area.i);
    }
    // 2. inside its own area, 3. spilling a little, 4. at the end of a leader, 5. a number
    pass((area) => near(area, area.full, fits(0.86)));
    pass((area) => near(area, area.short, fits(0.8)));
    pass((area) => near(area, area.full, fits(0.5), 40) || near(area, area.short, fits(0.42), 36));
    if (!given.style.value) pass((area) => near(area, area.short, fits(0.26), 30));
    waiting.sort((a, b) => fromMiddle(b) - fromMiddle(a));
    pass((area) => led(area, area.full) || led(area, area.short));
    pass((area) => number(area));
    for (const word of given.words) placeWord(word);
    return plan;

    function pass(attempt) {
      for (const area of waiting.slice()) if (attempt(area)) waiting.splice(waiting.indexOf(area), 1);
    }
    function fromMiddle(area) {
      return Math.hypot(area.x - given.size.x / 2, area.y - given.size.y / 2);
    }
    function settle(area, size, box, extra) {
      take(box, undefined);
      const dark = area.dark && S.share(given.raster, box, (id) => id === area.id) > 0.55;
      plan.boxes.push({ area, size, box, dark, ...extra });
      area.placed = true;
      return true;
    }
    function placeStack(area) {
      for (const size of [area.full, area.short]) {
        const row = area.row, height = row.h + 1 + size.h, width = Math.max(row.w, size.w);
        for (const [dx, dy] of NEAR) {
          const x = area.x + dx, y = area.y + dy, box = boxAt(x, y, width, height);
          if (!fits(0.86)(area, size, box) || !free(box)) continue;
          const top = box[1] + row.h / 2, middle = x - row.w / 2 + area.r;
          plan.circles.push({ area, x: middle, y: top, r: area.r, text: area.count });
          take(boxAt(x, top, row.w, row.h));
          return settle(area, size, [x - size.w / 2, box[3] - size.h, x + size.w / 2, box[3]], {});
        }
      }
      return false;
    }
    function near(area, size, good, reach) {
      const lift = area.r ? area.r + size.h / 2 : 0;
      const beside = area.r ? area.r + 2 + size.w / 2 : 0;
      const around = area.r ? [[0, lift], [0, -lift], [beside, 0], [-beside, 0], [beside * 0.7, lift * 0.8], [-beside * 0.7, lift * 0.8], [beside * 0.7, -lift * 0.8], [-beside * 0.7, -lift * 0.8]] : [];
      for (const [dx, dy] of around.concat(NEAR)) {
        if (reach && Math.hypot(dx, dy) > Math.max(reach, lift, beside) + 1) continue;
        const box = boxAt(area.x + dx, area.y + dy, size.w, size.h);
        if (good(area, size, box) && clear(box, area) && free(box)) return settle(area, size, box, {});
      }
      return false;
    }
    // a label must not hide the inner point of another area that still waits for its own
    function clear(box, area) {
      return !waiting.some((other) => other !== area && meets(box, boxAt(other.x, other.y, 12, 10)));
    }
    function led(area, size) {
      let best = null;
      for (const [dx, dy] of FAR) {
        const length = Math.hypot(dx, dy);
        if (length > given.style.leader) break;
        const side = Math.abs(dx) > Math.abs(dy) * 0.8 ? Math.sign(dx) * size.w / 2 : 0;
        const box = boxAt(area.x + dx + side, area.y + dy + (side ? 0 : Math.sign(dy) * size.h / 2), size.w, size.h);
        const others = S.share(given.raster, box, (id) => isArea(id) && id !== area.id);
        const score = length + 130 * others;
        if (others > 0.2 || (best && score >= best.score) || !free(box) || !clear(box, area)) continue;
        const start = Math.min(length, area.r || 0) / length;
        const line = [area.x + dx * start, area.y + dy * start, area.x + dx, area.y + dy];
        if (blocksLine(area, line)) continue;
        best = { score, box, line };
      }
      if (!best) return false;
      if (Math.hypot(best.line[2] - best.line[0], best.line[3] - best.line[1]) > 9) plan.leaders.push({ area, line: best.line, bare: !area.r });
      return settle(area, size, best.box, { led: true });
    }
    function blocksLine(area, line, limit) {
      const steps = Math.ceil(Math.hypot(line[2] - line[0], line[3] - line[1]) / 4);
      let abroad = 0;
      for (let i = 0; i <= steps; i++) {
        const x = Math.floor((line[0] + ((line[2] - line[0]) * i) / steps) / given.raster.x), y = Math.floor((line[1] + ((line[3] - line[1]) * i) / steps) / given.raster.y);
        const id = given.raster.ids[y * given.raster.width + x];
        if (isArea(id) && id !== area.id) abroad += 4;
      }
      return abroad > (limit || 44) || taken.some((box) => box.self !== area.i && crosses(line, box)) || plan.leaders.some((other) => linesMeet(line, other.line));
    }
    function number(area) {
      const size = { kind: 'number', w: S.textWidth(area.number, 12, 700) + 8, h: 16 };
      const spots = rings([8, 11, 14, 18, 22, 27, 33, 40, 48, 58, 70, 84, 100], 20, 1).map(([dx, dy]) => [boxAt(area.x + dx, area.y + dy, size.w, size.h), Math.hypot(dx, dy)]);
      const within = spots.find(([box]) => free(box) && clear(box, area) && fits(0.6)(area, size, box));
      const found = within || spots.find(([box]) => free(box) && clear(box, area) && !blocksLine(area, toEdge(area, box), 200));
      const alone = (box) => !taken.some((other) => meets(box, other));
      const loose = found || spots.find(([box]) => alone(box) && box[0] > 0 && box[2] < given.size.x);
      const box = loose ? loose[0] : leastHidden(spots.slice(0, 60));
      if (loose && loose !== within && loose[1] > (area.r || 0) + 11) {
        plan.leaders.push({ area, line: toEdge(area, box), bare: !area.r });
      }
      plan.numbered.push(area);
      return settle(area, size, box, { forced: !loose });
    }
    // from the rim of the area's circle to the nearest edge of a box
    function toEdge(area, box) {
      const x = Math.max(box[0], Math.min(area.x, box[2])), y = Math.max(box[1], Math.min(area.y, box[3]));
      const part = Math.min(1, (area.r || 0) / (Math.hypot(x - area.x, y - area.y) || 1));
      return [area.x + (x - area.x) * part, area.y + (y - area.y) * part, x, y];
    }
    function leastHidden(spots) {
      const overlap = (box) => taken.reduce((sum, other) => sum + Math.max(0, Math.min(box[2], other[2]) - Math.max(box[0], other[0]))
        * Math.max(0, Math.min(box[3], other[3]) - Math.max(box[1], other[1])), 0);
      return spots.map(([box, far]) => [box, overlap(box) + far]).sort((a, b) => a[1] - b[1])[0][0];
    }
    function placeWord(word) {
      const width = S.textWidth(word.text, 13, 400) * 1.12 + word.text.length * word.spacing, seen = word.seen;
      for (const [dx, dy] of NEAR.slice(0, 100)) {
        const box = boxAt(seen.x + dx, seen.y + dy, width, 18);
        if (S.share(given.raster, box, (id) => id === word.id) < 0.95 || !free(box)) continue;
        take(box);
        plan.words.push({ ...word, box });
        return;
      }
    }
    function measured(area, i, { style, scale, inner }) {
      const id = given.around.length + i + 1;
      const seen = inner[id];
      const r = scale && area.count > 0 ? S.radius(area.count, scale) : 0;
      const name = clipped(area.name, style.name);
      const nameWidth = style.badge + 5 + S.textWidth(name, style.name, 700) + 4;
      const nameHeight = Math.max(style.badge, style.name * 1.3) + 1;
      const valueWidth = style.value ? S.textWidth(area.value, style.value, 400) : 0;
      const full = { kind: 'full', w: Math.max(nameWidth, valueWidth), h: nameHeight + style.value * 1.25 };
      const short = { kind: 'short', w: nameWidth, h: nameHeight };
      const outside = style.counts && r > 0 && r <= 12;
      const row = { w: 2 * r + (outside ? 5 + S.textWidth(area.countText, 13, 700) : 0), h: Math.max(2 * r, outside ? 15 : 0) };
      return { i, id, seen, r, row, full: style.value ? full : short, short, name, code: area.code, number: area.number, badge: area.badge,
        value: area.value, count: style.counts ? area.countText : '', x: seen && seen.x, y: seen && seen.y, dark: area.dark };
    }
  };

  function clipped(name, size) {
    let text = name;
    while (text.length > 4 && S.textWidth(text, size, 700) > 190) text = text.slice(0, Math.max(4, Math.floor(text.length * 0.8)));
    return text === name ? name : text + '…';
  }

  // Draws a plan into a layer whose corner is the map's corner.
  S.drawLabels = function (layer, plan, style, size) {
    const svg = S.svg;
    const back = svg('svg', { width: size.x, height: size.y, class: 'marks', 'aria-hidden': 'true' });
    layer.replaceChildren(back);
    for (const { line, bare } of plan.leaders) {
      const d = 'M' + line.slice(0, 2) + 'L' + line.slice(2);
      back.append(svg('path', { d, stroke: '#fff', 'stroke-width': 3.6 }), svg('path', { d, stroke: S.colour('ink'), 'stroke-width': 1.1 }));
      if (bare) back.append(svg('circle', { cx: line[0], cy: line[1], r: 2.4, fill: S.colour('ink'), stroke: '#fff' }));
    }
    plan.circles.sort((a, b) => b.r - a.r);
    for (const circle of plan.circles) drawCircle(back, circle);
    for (const found of plan.boxes) layer.append(areaLabel(found, style));
    for (const word of plan.words) layer.append(positioned(S.put('div', 'lab word ' + word.kind, word.text), word.box));
  };

  function drawCircle(back, { x, y, r, text }) {
    back.append(S.svg('circle', { cx: x, cy: y, r, fill: '#fff', 'fill-opacity': 0.88, stroke: S.colour('ink'), 'stroke-width': 1.2 }));
    if (!text) return;
    const inside = r > 12;
    const label = S.svg('text', { x: inside ? x : x + r + 5, y: y + 4.6, 'text-anchor': inside ? 'middle' : 'start', 'font-size': 13,
      'font-weight': 700, fill: S.colour('ink'), stroke: '#fff', 'stroke-width': inside ? 0 : 3, 'paint-order': 'stroke' });
    label.textContent = text;
    back.append(label);
  }

  function positioned(node, box) {
    node.style.left = (box[0] + box[2]) / 2 + 'px';
    node.style.top = (box[1] + box[3]) / 2 + 'px';
    return node;
  }

  function areaLabel({ area, size, box, dark, led }, style) {
    if (size.kind === 'number') return positioned(S.put('div', 'lab number', area.number), box);
    const node = S.el('div', 'lab' + (dark ? ' on-dark' : '') + (led ? ' led' : ''));
    const name = S.el('div', 'name', S.badge(area.badge, style.badge), S.put('span', '', area.name));
    name.style.fontSize = style.name + 'px';
    node.append(name);
    if (size.kind === 'full' && style.value) {
      const value = S.put('div', 'value', area.value);
      value.style.fontSize = style.value + 'px';
      node.append(value);
    }
    node.dataset.code = area.code;
    return positioned(node, box);
  }
})(window.SocialMap);
