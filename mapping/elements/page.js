// Puts a page together and holds what is chosen. SocialMap.start(map) is called once, with Folium's map.
(function (S) {
  'use strict';
  const { el, put } = S;

  S.start = function (map) {
    S.data = JSON.parse(document.getElementById('map-data').textContent);
    S.words = S.data.words;
    S.map = map;
    S.byCode = Object.fromEntries(S.data.areas.map((area) => [area.code, area]));
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
    document.body.prepend(skip, S.patterns(), S.drawHeader(), S.drawStrip(), S.stage, S.drawDock(), S.drawPanel(), S.drawTable());
    S.stage.append(box);
    box.setAttribute('role', 'region');
    box.setAttribute('aria-label', S.words.map);
  }

  function drawAll() {
    S.fillDock(1);
    S.showOverview();
    controls();
    S.fit();
    S.view = S.drawMap(S.map, S.data, {
      interactive: true, fine: S.data.kind === 'country', choose: S.choose, style: labelStyle, blocked, key: S.isPhone() ? null : keyBox,
      only: (area) => !S.insetHolds(area), placed,
    });
    const svgBox = S.map.getPane('overlayPane').querySelector('svg');
    svgBox.setAttribute('role', 'group');
    svgBox.setAttribute('aria-label', S.words.areas);
    S.view.place();
    if (S.data.kind === 'country' && !S.isPhone()) {
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
    if (S.isPhone()) return S.labelStyles.phone;
    return S.data.areas.length > 22 ? S.labelStyles.dense : S.labelStyles.roomy;
  }

  function placed(plan, scale) {
    S.plan = plan;
    if (S.scale !== scale) {
      S.scale = scale;
      S.fillDock(scale);
    }
    if (S.isPhone()) S.showNumbered(plan.numbered);
  }

  // ---- view

  S.fit = function () {
    S.map.invalidateSize({ animate: false, pan: false });
    const size = S.map.getSize(), phone = S.isPhone();
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
    if (size.x > 0) S.map.setMaxBounds([[south, west], [north, east]]);
  };

  let waiting = 0;
  function resized() {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (S.view) S.view.scale = 0;
      if (S.radial) { const code = S.radial; S.closeRadial(); S.openRadial(code); return; }
      S.fit();
      S.view.place();
    }, 120);
  }

  function controls() {
    S.map.keyboard.disable();
    S.map.getContainer().removeAttribute('tabindex');
    L.control.zoom({ position: 'topleft', zoomInTitle: S.words.zoom_in, zoomOutTitle: S.words.zoom_out }).addTo(S.map);
    S.furniture(S.map, 'bottomright');
    if (S.data.served) streets();
  }

  // OpenStreetMap only when somebody asks for it: it tells a third party where one looks.
  function streets() {
    const tiles = L.tileLayer('https://tile.openstreetmap.org/{z}/{x}/{y}.png', { maxZoom: 18, attribution: S.words.osm_note });
    const box = el('input');
    box.type = 'checkbox';
    const credit = put('small', '', S.words.osm_note);
    credit.hidden = true;
    const control = L.control({ position: 'bottomleft' });
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
    const found = [];
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

  // The key of numbered areas, in the corner that hides least of the areas.
  function keyBox(plan, raster, before) {
    if (S.key) S.key.remove();
    S.key = null;
    if (!plan.numbered.length || S.radial) return null;
    const numbered = plan.numbered.slice().sort((a, b) => Number(a.number) - Number(b.number));
    const list = el('ol', '', ...numbered.map((area) => el('li', '', put('b', '', area.number), S.badge(area.badge, 13), put('span', '', area.name))));
    const box = el('div', 'key', put('h3', '', S.words.key), list);
    S.stage.append(box);
    S.key = box;
    const size = S.map.getSize();
    const most = size.y - 90, high = Math.ceil((numbered.length * 17 + 34) / most);
    list.style.columnCount = Math.max(1, high);
    const width = box.offsetWidth + 2, height = box.offsetHeight + 2;
    const spots = [[8, size.y - height - 8], [size.x - width - 8, 8], [size.x - width - 8, size.y - height - 92], [8, 92], [56, 8]];
    const areaShare = ([x, y]) => {
      let hits = 0;
      for (let i = 0; i <= 12; i++) for (let j = 0; j <= 12; j++) {
        const column = Math.floor((x + (width * i) / 12) / raster.x), row = Math.floor((y + (height * j) / 12) / raster.y);
        const id = raster.ids[row * raster.width + column];
        if (id > before || id === -1) hits++;
      }
      for (const other of blocked()) if (other[0] < x + width && x < other[2] && other[1] < y + height && y < other[3]) hits += 60;
      return hits;
    };
    const [x, y] = spots.sort((a, b) => areaShare(a) - areaShare(b))[0];
    box.style.left = x + 'px';
    box.style.top = y + 'px';
    return [x - 4, y - 4, x + width + 4, y + height + 4].map(Math.round);
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
    S.fit();
    S.view.place();
  }

  function escape(event) {
    if (event.key !== 'Escape' || S.table.open) return;
    if (S.radial) S.closeRadial();
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
    if (next === 'high') return;
    S.fit();
    if (S.view) { S.view.scale = 0; S.view.place(); }
  };

  function sheetCover() {
    return S.panel.dataset.sheet === 'half' ? Math.max(0, S.map.getSize().y - Math.round(window.innerHeight * 0.44) + S.stage.getBoundingClientRect().top) : 104;
  }
})(window.SocialMap);
