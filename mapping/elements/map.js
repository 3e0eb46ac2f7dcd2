// The map itself: what lies around, the areas, their borders, the labels; choosing, lighting up and walking by keyboard.
(function (S) {
  'use strict';
  const SMOOTH = { smoothFactor: 0, interactive: false };

  // Draws one map. `options` = {frame: bounds to show, interactive, style(), blocked(), onPlan(plan)}.
  S.drawMap = function (map, data, options) {
    const view = { map, areas: {}, order: [], scale: 0 };
    const renderer = L.svg({ padding: options.interactive ? 0.6 : 0.1 });
    const draw = (polygons, style) => L.polygon(polygons, { ...SMOOTH, renderer, ...style }).addTo(map);
    const ground = { className: 'ground' };
    for (const land of S.around.abroad) draw(land.polygons, { ...ground, stroke: false, fillColor: S.colour('far'), fillOpacity: 1 });
    for (const near of S.around.near) draw(near.polygons, { ...ground, color: '#B9BFC4', weight: 1, fillColor: S.colour('near'), fillOpacity: 1 });
    for (const area of data.areas) {
      const layer = L.polygon(S.shapes[area.code], { smoothFactor: 0, renderer, stroke: false, className: 'area',
        fillColor: S.fill(area.symbol, area.ramp), fillOpacity: 1 }).addTo(map);
      view.areas[area.code] = layer;
      view.order.push(area.code);
      if (options.choose) layer.on('click', () => options.choose(area.code));
      if (options.interactive) {
        layer.on('mouseover', () => S.light([area.code]));
        layer.on('mouseout', () => S.light([]));
      }
    }
    const all = data.areas.flatMap((area) => S.shapes[area.code]);
    draw(all, { fill: false, color: '#fff', weight: options.fine ? 1.3 : 1.8 });
    draw(all, { fill: false, color: options.fine ? '#5B6B79' : S.colour('edge'), weight: options.fine ? 0.7 : 0.8 });
    draw(S.outline, { fill: false, color: '#fff', weight: 3.4 });
    draw(S.outline, { fill: false, color: S.colour('border'), weight: 1.5 });
    view.marks = ['#fff', S.colour('ink')].map((color, i) => draw([], { fill: false, color, weight: i ? 3 : 6.5, lineJoin: 'round' }));
    view.lit = ['#fff', S.colour('focus')].map((color, i) => draw([], { fill: false, color, weight: i ? 3 : 6 }));
    view.select = (code) => view.marks.forEach((mark) => mark.setLatLngs(code ? S.shapes[code] || [] : []));
    view.light = (codes) => view.lit.forEach((mark) => mark.setLatLngs(codes.flatMap((code) => S.shapes[code] || [])));
    if (options.interactive) keyboard(view, data, options);
    labels(view, data, options);
    return view;
  };

  function labels(view, data, options) {
    const map = view.map;
    map.createPane('names').style.pointerEvents = 'none';
    map.getPane('names').style.zIndex = 620;
    const layer = S.el('div', 'names');
    map.getPane('names').append(layer);
    const around = [...S.around.abroad, ...S.around.near];
    view.place = () => {
      const size = map.getSize();
      if (size.x < 20 || size.y < 20) return;
      const raster = S.raster(map, [...around.map((one) => one.polygons), ...data.areas.map((area) => S.shapes[area.code])]);
      const inner = S.innerPoints(raster);
      data.areas.forEach((area, i) => byHand(map, inner, around.length + i + 1, area));
      const style = options.style();
      if (!view.scale) view.scale = options.scale ? options.scale() : S.circleScale(points(data.areas, inner, around.length), style);
      const given = { areas: data.areas, around, style, scale: view.scale, raster, inner, size, words: words(raster, inner, around, map),
        blocked: options.blocked(), only: options.only || (() => true) };
      if (options.quiet && options.quiet()) {
        S.drawLabels(layer, S.planWords(given), style, size);
        L.DomUtil.setPosition(layer, map.containerPointToLayerPoint([0, 0]));
        layer.classList.remove('away');
        return;
      }
      let plan = S.planLabels(given);
      for (let turn = 0; turn < 3 && options.key; turn++) {
        const box = options.key(plan, raster, around.length);
        const same = String(box) === String(given.key || '');
        if (same) break;
        given.key = box;
        plan = S.planLabels({ ...given, blocked: [...given.blocked, ...(box ? [box] : [])] });
      }
      S.drawLabels(layer, plan, style, size);
      L.DomUtil.setPosition(layer, map.containerPointToLayerPoint([0, 0]));
      layer.classList.remove('away');
      if (options.placed) options.placed(plan, view.scale);
    };
    map.on('zoomstart', () => layer.classList.add('away'));
    map.on('moveend', () => view.place());
    map.on('resize', () => { view.scale = 0; });
  }

  // An area smaller than a cell of the raster still has its own point.
  function byHand(map, inner, id, area) {
    if (inner[id]) return;
    const at = map.latLngToContainerPoint(area.at), size = map.getSize();
    if (at.x > 0 && at.y > 0 && at.x < size.x && at.y < size.y) inner[id] = { x: at.x, y: at.y, room: 0, cells: 0 };
  }

  function points(areas, inner, before) {
    return areas.map((area, i) => ({ ...inner[before + i + 1], count: area.count })).filter((point) => point.x !== undefined);
  }

  function words(raster, inner, around, map) {
    const found = [];
    around.forEach((one, i) => {
      const abroad = i < S.around.abroad.length, seen = inner[i + 1];
      if (one.name && seen && seen.cells > 120) found.push({ id: i + 1, text: one.name, seen, kind: abroad ? 'far' : 'near', spacing: 1 });
    });
    for (const sea of S.around.seas) {
      const seen = seaPoint(raster, map, sea.around);
      if (seen) found.push({ id: 0, text: sea.name, seen, kind: 'sea', spacing: 2.4 });
    }
    return found.sort((a, b) => b.seen.cells - a.seen.cells);
  }

  function seaPoint(raster, map, ring) {
    const inside = (lat, lon) => {
      let odd = false;
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [xi, yi] = ring[i], [xj, yj] = ring[j];
        if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) odd = !odd;
      }
      return odd;
    };
    const marked = { ...raster, ids: raster.ids.slice() };
    const north = map.containerPointToLatLng([0, 0]), south = map.containerPointToLatLng([raster.width * raster.x, raster.height * raster.y]);
    for (let y = 0, i = 0; y < raster.height; y++) {
      const lat = north.lat + ((south.lat - north.lat) * y) / raster.height;
      for (let x = 0; x < raster.width; x++, i++) {
        const lon = north.lng + ((south.lng - north.lng) * x) / raster.width;
        marked.ids[i] = raster.ids[i] === 0 && inside(lat, lon) ? 1 : -1;
      }
    }
    const seen = S.innerPoints(marked)[1];
    return seen && seen.cells > 200 ? seen : null;
  }

  // One area at a time can be reached with Tab; arrows walk to the nearest area on that side.
  function keyboard(view, data, options) {
    const byCode = Object.fromEntries(data.areas.map((area) => [area.code, area]));
    const element = (code) => view.areas[code].getElement();
    const rove = (code) => {
      for (const other of view.order) element(other).setAttribute('tabindex', other === code ? '0' : '-1');
    };
    for (const code of view.order) {
      const node = element(code);
      node.setAttribute('role', 'button');
      node.setAttribute('aria-label', byCode[code].spoken);
      node.dataset.code = code;
      node.addEventListener('focus', () => { rove(code); S.light([code]); });
      node.addEventListener('blur', () => S.light([]));
      node.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' || event.key === ' ') options.choose(code);
        else {
          const next = neighbour(view, byCode, code, event.key);
          if (!next) return;
          element(next).focus();
        }
        event.preventDefault();
        event.stopPropagation();
      });
    }
    view.focus = (code) => element(code).focus({ preventScroll: true });
    rove(view.order[0]);
  }

  function neighbour(view, byCode, code, key) {
    if (key === 'Home') return view.order[0];
    if (key === 'End') return view.order[view.order.length - 1];
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key];
    if (!way) return null;
    const [lat, lon] = byCode[code].at;
    let best = null, least = Infinity;
    for (const other of view.order) {
      const dx = byCode[other].at[1] - lon, dy = byCode[other].at[0] - lat;
      const along = dx * way[0] + dy * way[1], across = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
      const cost = along + 2 * across;
      if (other !== code && along > 0 && cost < least) { best = other; least = cost; }
    }
    return best;
  }

  // Scale bar in kilometres and north arrow.
  S.furniture = function (map, position) {
    const scale = L.control.scale({ imperial: false, position, maxWidth: 110 });
    scale._updateMetric = function (metres) {
      const round = this._getRoundNum(metres);
      const label = round < 1000 ? round + ' ' + S.words.metres : round / 1000 + ' ' + S.words.kilometres;
      this._updateScale(this._mScale, '', round / metres);
      this._mScale.textContent = label;
    };
    const north = L.control({ position });
    north.onAdd = () => {
      const arrow = S.svg('svg', { width: 18, height: 24, 'aria-hidden': 'true' }, S.svg('path', { d: 'M9,1L15,22L9,17L3,22Z', fill: S.colour('ink') }));
      return S.el('div', 'north', arrow, S.put('span', '', S.words.north));
    };
    scale.addTo(map);
    north.addTo(map);
  };
})(window.SocialMap);
