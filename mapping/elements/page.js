// Puts a page together and holds what is chosen. SocialMap.start(map) is called once, with Folium's map.
(function (S) {
  'use strict';
  const { el, put } = S;

  S.start = function (map) {
    S.data = JSON.parse(document.getElementById('map-data').textContent);
    S.words = S.data.words;
    S.map = map;
    S.byCode = Object.fromEntries(S.data.areas.map((area) => [area.code, area]));
    for (const area of S.data.areas) area.facts = area.facts.map((words, i) => [S.data.facts[i], words]).filter(([, words]) => words);
    S.data.texts.t = S.data.texts.t.map((words) => words.split('\x7f').join('\u200b'));
    for (const item of Object.values(S.data.maps)) item.t = item.t.flatMap(([first, count]) => Array.from({ length: count }, (_, i) => first + i));
    const around = S.data.around;
    S.shapes = Object.fromEntries(S.data.areas.map((area) => [area.code, S.decode(area.shape, around.digits)]));
    S.outline = S.decode(around.outline, around.digits);
    S.shapes[S.data.code] = S.outline;
    const lands = (group) => group.shapes.map(([name, polygons]) => ({ name, polygons: S.decode(polygons, group.digits) }));
    S.around = { near: lands(around.near), abroad: lands(around.abroad), seas: around.seas };
    layOut();
    S.ready = Promise.all([400, 600, 700].flatMap((weight) => [document.fonts.load(weight + ' 14px Sarabun', 'กA')])).then(drawAll);
  };

  function layOut() {
    const box = S.map.getContainer();
    document.body.classList.add(S.data.kind === 'country' ? 'country' : 'area');
    const skip = put('a', 'skip', S.words.skip);
    skip.href = '#panel';
    skip.addEventListener('click', (event) => { event.preventDefault(); S.panel.querySelector('h2').focus(); });
    S.stage = el('main', 'stage');
    document.body.prepend(skip, withBetween(S.patterns()), S.drawHeader(), S.drawStrip(), S.stage, S.drawDock(), S.drawPanel(), S.drawTable());
    S.stage.append(box);
    box.setAttribute('role', 'region');
    box.setAttribute('aria-label', S.words.map);
  }

  // Colours between those of the ramp, for more than four classes: their unstable patterns are the ramp's on another ground.
  function withBetween(patterns) {
    for (const [place, colour] of S.data.legend.between) {
      document.documentElement.style.setProperty('--r' + place, colour);
      const pattern = patterns.querySelector('#sm-unstable0').cloneNode(true);
      pattern.id = 'sm-unstable' + place;
      pattern.querySelector('rect').setAttribute('fill', colour);
      patterns.firstChild.append(pattern);
    }
    return patterns;
  }

  function drawAll() {
    S.fillDock(1);
    S.showOverview();
    controls();
    S.fit();
    S.view = S.drawMap(S.map, S.data, {
      interactive: true, fine: S.data.kind === 'country', choose: S.choose, style: labelStyle, blocked, key: S.isPhone() ? null : keyBox,
      only: (area) => !S.insetHolds(area), quiet: () => Boolean(S.radial), placed,
    });
    const svgBox = S.map.getPane('overlayPane').querySelector('svg');
    svgBox.setAttribute('role', 'group');
    svgBox.setAttribute('aria-label', S.words.areas);
    S.view.place();
    if (S.data.kind === 'country') {
      S.drawInset();
      S.insetView.place();
      S.view.place();
    }
    window.addEventListener('resize', resized);
    window.addEventListener('hashchange', () => fromHash());
    document.addEventListener('keydown', escape);
    fromHash();
    document.body.classList.add('ready');
  }

  function labelStyle() {
    if (S.isPhone()) return S.data.areas.length > 22 && S.data.legend.classes.length ? { ...S.labelStyles.crowd, leader: 70 } : S.labelStyles.phone;
    if (S.data.areas.length <= 22) return S.labelStyles.roomy;
    if (S.data.kind === 'country') return S.labelStyles.dense;
    // many small areas whose colour is a rate: circles would hide them; their counts stand in the panel and the table
    return S.data.legend.classes.length ? S.labelStyles.crowd : S.labelStyles.dense;
  }

  function placed(plan, scale) {
    S.plan = plan;
    if (S.scale !== scale) {
      S.scale = scale;
      S.fillDock(scale);
    }
    if (S.isPhone()) S.showNumbered([...plan.numbered, ...((S.inset && !S.inset.hidden && S.insetNumbered) || [])]);
    else if (S.radial) S.key = null;
  }

  // ---- view

  S.fit = function () {
    S.map.invalidateSize({ animate: false, pan: false });
    const phone = S.isPhone();
    const bottom = phone ? sheetCover() : 0;
    S.map.setMinZoom(0);
    S.map.setMaxBounds(null);
    const pad = phone ? 8 : 16;
    S.map.fitBounds(S.boundsOf(S.outline), { paddingTopLeft: [pad, pad], paddingBottomRight: [pad, bottom + pad], animate: false });
    S.home = S.map.getZoom();
    const [west, south, east, north] = S.data.around.window;
    S.map.options.maxBoundsViscosity = 1;
    S.map.setMinZoom(Math.max(0, S.home - 0.5));
    S.map.setMaxZoom(S.home + 5);
    if (!phone) S.map.setMaxBounds([[south, west], [north, east]]);
  };

  // The map after the legend below it has changed its height; a few times at most, for each may change the other.
  let settled = 0;
  S.settle = function () {
    if (settled++ > 3) return;
    S.fit();
    S.view.place();
  };

  let waiting = 0;
  function resized() {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (S.view) S.view.scale = 0;
      settled = 0;
      if (S.radial) { const code = S.radial; S.closeRadial(); S.openRadial(code); return; }
      refit();
    }, 120);
  }

  function controls() {
    S.map.keyboard.disable();
    S.map.getContainer().removeAttribute('tabindex');
    L.control.zoom({ position: 'topleft', zoomInTitle: S.words.zoom_in, zoomOutTitle: S.words.zoom_out }).addTo(S.map);
    S.furniture(S.map, S.isPhone() ? 'bottomleft' : 'bottomright');
    if (S.data.served) streets();
  }

  // OpenStreetMap only when somebody asks for it: it tells a third party where one looks.
  function streets() {
    const tiles = L.tileLayer('https://tile.openstreetmap.org/{z}/{x}/{y}.png', { maxZoom: 18, attribution: S.words.osm_note });
    const box = el('input');
    box.type = 'checkbox';
    const credit = put('small', '', S.words.osm_note);
    credit.hidden = true;
    const control = L.control({ position: 'topright' });
    control.onAdd = () => {
      const node = el('div', 'streets', el('label', '', box, put('span', '', S.words.osm)), credit);
      L.DomEvent.disableClickPropagation(node);
      return node;
    };
    box.addEventListener('change', () => {
      if (box.checked) tiles.addTo(S.map);
      else tiles.remove();
      credit.hidden = !box.checked;
      S.map.getContainer().classList.toggle('with-tiles', box.checked);
    });
    control.addTo(S.map);
  }

  // What labels must not lie under.
  function blocked() {
    const outer = S.map.getContainer().getBoundingClientRect();
    const found = (S.radialBoxes || []).slice();
    for (const node of S.stage.querySelectorAll('.leaflet-control, .inset')) {
      const box = node.getBoundingClientRect();
      if (box.width) found.push([box.left - outer.left - 4, box.top - outer.top - 4, box.right - outer.left + 4, box.bottom - outer.top + 4]);
    }
    if (S.insetFrame && S.insetFrame._map) {
      const bounds = S.insetFrame.getBounds();
      const a = S.map.latLngToContainerPoint(bounds.getNorthWest()), b = S.map.latLngToContainerPoint(bounds.getSouthEast());
      found.push([a.x - 2, a.y - 2, b.x + 2, b.y + 2]);
    }
    if (S.isPhone()) found.push([0, outer.height - sheetCover(), outer.width, outer.height]);
    return found;
  }

  function dockKey(numbered) {
    const list = el('ol', '', ...numbered.map((area) => el('li', '', put('b', '', area.number), S.badge(area.badge, 13), put('span', '', area.name))));
    S.dockKey = el('div', 'key-row', put('h3', '', S.words.key), list);
    S.fillDock(S.scale);
  }

  // The key of numbered areas, in the corner that hides least of the areas.
  function keyBox(plan, raster, before) {
    if (S.key) S.key.remove();
    S.key = null;
    const all = [...plan.numbered, ...((S.inset && !S.inset.hidden && S.insetNumbered) || [])];
    if (!all.length || S.radial) {
      if (S.dockKey) { S.dockKey = null; S.fillDock(S.scale); }
      return null;
    }
    const numbered = all.sort((a, b) => Number(a.number) - Number(b.number));
    const list = el('ol', '', ...numbered.map((area) => el('li', '', put('b', '', area.number), S.badge(area.badge, 13), put('span', '', area.name))));
    const box = el('div', 'key', put('h3', '', S.words.key), list);
    S.stage.append(box);
    S.key = box;
    const best = freeCorner(box, list, plan, raster, before);
    // where even the best place would hide areas, the key goes into the legend beside it
    if (!best.spot) {
      box.remove();
      S.key = null;
      dockKey(numbered);
      return null;
    }
    if (S.dockKey) {
      S.dockKey = null;
      S.fillDock(S.scale);
    }
    const [x, y, columns, width, height] = best.spot;
    list.style.columnCount = columns;
    box.style.left = x + 'px';
    box.style.top = y + 'px';
    return [x - 4, y - 4, x + width + 4, y + height + 4].map(Math.round);
  }

  function freeCorner(box, list, plan, raster, before) {
    const size = S.map.getSize(), shut = blocked(), sums = areaSums(raster, before);
    const labels = plan.boxes.filter((found) => found.size.kind !== 'number').map((found) => found.box);
    let best = { hits: Infinity };
    for (const columns of [1, 2, 3, 4]) {
      list.style.columnCount = columns;
      const width = box.offsetWidth + 2, height = box.offsetHeight + 2;
      for (let y = 6; y + height <= size.y - 6; y += 12) for (let x = 6; x + width <= size.x - 6; x += 12) {
        const onAreas = sums(x, y, width, height);
        if (6 * onAreas >= best.hits || onAreas > 2) continue;
        const meets = (other) => other[0] < x + width && x < other[2] && other[1] < y + height && y < other[3];
        if (shut.some(meets)) continue;
        const hits = 6 * onAreas + 0.4 * labels.filter(meets).length + 0.0005 * Math.min(x, size.x - x - width);
        if (hits < best.hits) best = { hits, spot: [x, y, columns, width, height] };
      }
    }
    return best;
  }

  // Per cent of a box that lies on areas, from sums of the raster.
  function areaSums(raster, before) {
    const { ids, width, height } = raster, sums = new Float32Array((width + 1) * (height + 1));
    for (let y = 0; y < height; y++) for (let x = 0, row = 0; x < width; x++) {
      const id = ids[y * width + x];
      row += id > before ? 1 : id === -1 ? 0.5 : 0;          // small islands are all edge
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
    }
    const at = (x, y) => sums[Math.min(height, Math.max(0, Math.round(y / raster.y))) * (width + 1) + Math.min(width, Math.max(0, Math.round(x / raster.x)))];
    return (x, y, w, h) => ((at(x + w, y + h) - at(x, y + h) - at(x + w, y) + at(x, y)) * raster.x * raster.y * 100) / (w * h);
  }

  // ---- choosing

  S.light = function (codes, chosenToo) {
    if (!S.view) return;
    const seen = codes.filter((code) => chosenToo || code !== S.chosen);
    S.view.light(seen);
    if (S.insetView) S.insetView.light(seen);
    for (const row of S.panel.querySelectorAll('[data-codes]')) {
      row.classList.toggle('lit', codes.length === 1 && row.dataset.codes.split(' ').includes(codes[0]));
    }
  };

  S.choose = function (code) {
    const before = S.chosen;
    if (code !== null && !S.byCode[code] && code !== S.data.code) return;
    S.chosen = code;
    document.body.classList.toggle('chosen', code !== null);
    S.light([]);
    S.view.select(code === S.data.code ? null : code);
    if (S.insetView) S.insetView.select(code === S.data.code ? null : code);
    const address = code ? '#' + code : location.pathname + location.search;
    if (location.hash !== (code ? '#' + code : '')) history.replaceState(null, '', address);
    if (code === null) S.showOverview();
    else S.showArea(code);
    if (S.isPhone()) S.moveSheet(code === null ? 'low' : 'half');
    else if (S.data.kind === 'country' && (before === null || before === undefined) !== (code === null)) refit();
    if (code) S.panel.querySelector('h2').focus({ preventScroll: true });
    else if (before && S.byCode[before]) S.view.focus(before);
  };

  function refit() {
    if (S.insetView) S.fitInset();
    S.fit();
    S.view.place();
  }

  function escape(event) {
    if (event.key !== 'Escape' || S.table.open) return;
    if (S.radial) { if (!S.closeLaid()) S.closeRadial(); }
    else if (S.chosen) S.choose(null);
  }

  function fromHash() {
    const code = decodeURIComponent(location.hash.slice(1));
    if ((S.byCode[code] || code === S.data.code) && code !== S.chosen) S.choose(code);
    else if (!code && S.chosen) S.choose(null);
    else if (S.isPhone() && !S.chosen) S.moveSheet('low');
  }

  // ---- the sheet of a phone: low, half, high

  S.moveSheet = function (to) {
    const order = ['low', 'half', 'high'];
    const now = order.indexOf(S.panel.dataset.sheet);
    const next = to || order[(now + 1) % 3];
    if (S.panel.dataset.sheet === next) return;
    S.panel.dataset.sheet = next;
    if (S.inset && S.isPhone()) S.showInset(next === 'low');
    if (next === 'high') return;
    S.fit();
    if (S.view) { S.view.scale = 0; S.view.place(); }
  };

  function sheetCover() {
    return S.panel.dataset.sheet === 'half' ? Math.max(0, S.map.getSize().y - Math.round(window.innerHeight * 0.48) + S.stage.getBoundingClientRect().top) : 142;
  }
})(window.SocialMap);
