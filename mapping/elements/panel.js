// The panel beside the map: an overview of all areas, or one area with its mind map.
(function (S) {
  'use strict';
  const { el, put, svg } = S;

  S.drawPanel = function () {
    const panel = el('aside', 'panel');
    panel.setAttribute('aria-label', S.words.panel);
    panel.id = 'panel';
    S.panel = panel;
    panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && S.chosen) S.choose(null);
    });
    return panel;
  };

  const heading = (text, note) => el('h3', '', put('span', '', text), note ? put('small', '', note) : null);

  function link(href, ...parts) {
    const node = el('a', '', ...parts);
    node.href = href;
    return node;
  }

  function fill(header, tabs, body) {
    const grip = S.button('grip', '', () => S.moveSheet());
    grip.setAttribute('aria-label', S.words.sheet);
    const lines = S.words.help.map(([number, words]) => link('tel:' + number, put('b', '', number), ' ' + words));
    if (S.data.served) lines.push(link('/privacy', S.words.privacy));
    const help = el('p', 'help', ...lines.flatMap((line, i) => (i ? [' · ', line] : [line])));
    S.panel.replaceChildren(grip, header, ...(tabs ? [tabs] : []), body, help);
    body.scrollTop = 0;
  }

  // ---- overview

  S.showOverview = function () {
    const overview = S.data.overview;
    const title = put('h2', '', overview.title);
    title.tabIndex = -1;
    const buttons = el('div', 'buttons', S.button('control', S.words.table, () => S.openTable()));
    if (S.data.maps[S.data.code]) buttons.prepend(S.button('control', S.words.own, () => S.choose(S.data.code)));
    if (S.data.print) {
      const print = link(S.data.print, S.words.print);
      print.className = 'control';
      buttons.append(print);
    }
    const header = el('header', '', el('div', 'names', title, S.thai('p', '', overview.facts)), buttons);
    const body = el('div', 'body', heading(S.words.plans), states(overview), ...ranking(overview), ...leading(overview), S.keyList = el('div', 'key-list'), legendFold());
    fill(header, null, body);
    fillKeyList();
  };

  function states(overview) {
    return el('ul', 'states', ...overview.states.map(([state, many]) =>
      el('li', '', el('div', 'many', S.badge(state, 22), put('b', '', many)), put('span', '', S.data.badges[state][1]))));
  }

  function ranking(overview) {
    if (!overview.ranked.length) return [];
    const note = overview.whole === null ? S.words.ranking_note_short : S.words.ranking_note.replace('{whole}', overview.wholeText);
    const most = Math.max(overview.whole || 0, ...overview.ranked.map((row) => row.high || row.value)) || 1;
    const columns = ['', overview.level, S.words.rank_plan, overview.whole === null ? S.words.rank_bar : S.words.rank_interval];
    const head = el('tr', '', ...columns.map((text) => put('th', '', text)), put('th', 'right', overview.whole === null ? S.words.rank_count : S.words.rank_value));
    if (overview.whole !== null) head.append(put('th', 'right', S.words.rank_count));
    const table = el('table', 'ranking', el('thead', '', head));
    const body = el('tbody');
    overview.ranked.forEach((row, i) => body.append(rankRow(row, i, most, overview.whole)));
    table.append(body);
    return [heading(S.words.ranking, note), table, overview.without ? S.thai('p', 'without', overview.without) : null].filter(Boolean);
  }

  function rankRow(row, i, most, whole) {
    const area = S.byCode[row.code];
    const name = el('th', '', S.button('link', area.name, () => S.choose(row.code)));
    name.scope = 'row';
    const line = el('tr', '', put('td', 'right', i + 1), name, el('td', '', S.badge(area.badge, 16)), el('td', 'graph', whisker(row, area, most, whole)), put('td', 'right', row.text));
    if (whole !== null) line.append(put('td', 'right', row.count));
    lights(line, [row.code]);
    return line;
  }

  function whisker(row, area, most, whole) {
    const width = 190, x = (value) => 6 + (value / most) * (width - 14);
    const node = svg('svg', { width, height: 18, viewBox: '0 0 ' + width + ' 18', 'aria-hidden': 'true' });
    if (whole === null) {
      node.append(svg('rect', { x: 0, y: 4, width: x(row.value), height: 10, fill: S.colour('r2') }));
      return node;
    }
    node.append(svg('path', { d: 'M' + x(whole) + ',0V18', stroke: S.colour('control'), 'stroke-dasharray': '2 2' }));
    if (row.low !== null) node.append(svg('path', { d: 'M' + x(row.low) + ',9H' + x(row.high), stroke: S.colour('ink'), 'stroke-width': 1.5 }));
    node.append(svg('circle', { cx: x(row.value), cy: 9, r: 5, fill: area.ramp === null ? '#fff' : S.fill('class', area.ramp), stroke: S.colour('ink') }));
    return node;
  }

  function leading(overview) {
    if (!overview.leading.length) return [];
    const most = overview.leading[0].codes.length;
    const list = el('ul', 'bars');
    for (const { text, codes } of overview.leading) {
      const bar = el('span', 'bar');
      bar.style.width = (codes.length / most) * 100 + '%';
      const many = codes.length + ' ' + overview.level;
      const names = codes.slice(0, 3).map((code) => S.byCode[code].name).join(', ') + (codes.length > 3 ? ' …' : '');
      const line = el('li', '', put('span', 'what', text), el('span', 'track', bar), put('span', 'right', many), put('span', 'who', names));
      lights(line, codes);
      list.append(line);
    }
    return [heading(S.words.leading, S.words.leading_note), list];
  }

  function lights(node, codes) {
    node.addEventListener('pointerenter', () => S.light(codes));
    node.addEventListener('pointerleave', () => S.light([]));
    node.addEventListener('focusin', () => S.light(codes));
    node.addEventListener('focusout', () => S.light([]));
    node.dataset.codes = codes.join(' ');
  }

  function legendFold() {
    const fold = el('details', 'legend-fold', put('summary', '', S.words.sources));
    fold.append(el('div', 'dock inside', ...S.legendParts(S.scale || 1)));
    return fold;
  }

  // On a phone the key of numbered areas stands in the overview.
  function fillKeyList() {
    if (!S.keyList || !S.numbered || !S.numbered.length) return;
    const list = el('ol', '', ...S.numbered.map((area) => el('li', '', put('b', '', area.number), S.button('link', S.byCode[area.code].name, () => S.choose(area.code)))));
    S.keyList.replaceChildren(heading(S.words.key), list);
  }
  S.showNumbered = function (areas) {
    S.numbered = areas;
    fillKeyList();
  };

  // ---- one area

  S.showArea = function (code) {
    const own = code === S.data.code;
    const area = S.byCode[code];
    const map = S.data.maps[code];
    const title = put('h2', '', own ? S.data.head.crumbs[S.data.head.crumbs.length - 1][0] : area.full);
    title.tabIndex = -1;
    const line = own ? S.thai('p', '', S.data.overview.facts) : put('p', '', area.facts.slice(0, 2).map(([label, words], i) => (i ? words + ' ' + label : label + ' ' + words)).join(' · '));
    const buttons = el('div', 'buttons');
    if (!own && area.href) {
      const drill = put('a', 'control', S.words.drill);
      drill.href = area.href;
      buttons.append(drill);
    }
    for (const [address, words] of [[S.data.work[code], S.words.plan_work], [S.data.plans[code], S.words.plan_table]]) {
      if (!address) continue;
      const plan = link(address, words);
      plan.className = 'control';
      buttons.append(plan);
    }
    if (map && !own) buttons.append(S.button('control lay', S.words.lay, () => S.openRadial(code)));
    const close = S.button('control square', '×', () => S.choose(null));
    close.setAttribute('aria-label', S.words.close);
    const badge = own ? null : S.badge(area.badge, 28);
    const header = el('header', '', badge, el('div', 'names', title, line), buttons, close);
    const body = el('div', 'body');
    const figures = own ? [] : area.facts;
    const parts = map ? mindMap(map, code) : { problem: put('p', 'empty', S.words.no_mind_map) };
    body.append(planAbove(own, own ? map && map.state : area.badge));
    parts.figures = factList(figures);
    fill(header, tabs(body, parts), body);
    S.title = title;
  };

  // The plan above an area that has none of its own.
  function planAbove(own, state) {
    const [words, href, code] = S.data.above[+!own] || [];
    if (!words || (state && !/^[tn]/.test(state))) return '';
    const text = S.thai('span', '', words), here = code === S.data.code;
    const to = href ? link(href, text) : here ? S.button('link', '', () => S.choose(code)) : text;
    if (here && !href) to.append(text);
    return el('p', 'above', to);
  }

  function factList(facts) {
    const list = el('dl', 'facts');
    for (const [label, words] of facts) list.append(put('dt', '', label), put('dd', '', words));
    return list;
  }

  // A branch under the pointer lights up the area it belongs to.
  function mindMap(map, code) {
    const part = (className, draw) => {
      const host = el('div', className);
      draw(host);
      host.addEventListener('mindmap:branch', (event) => S.light(event.detail.on ? [code] : [], true));
      return host;
    };
    const texts = S.data.texts;
    const activity = part('activities', (host) => MindMap.activities(host, map, texts));
    if (!S.isPhone()) return { problem: part('tree-holder', (host) => MindMap.tree(host, map, texts)), activity };
    return {
      problem: part('outline', (host) => MindMap.outline(host, map, texts, ['problem'])),
      solution: part('outline', (host) => MindMap.outline(host, map, texts, ['solution'])),
      activity,
    };
  }

  // Side by side on a wide screen; one after another behind tabs on a phone.
  function tabs(body, parts) {
    const shown = Object.entries(parts).filter(([, node]) => node && node.childNodes.length);
    const sections = shown.map(([name, node]) => {
      const section = el('section', 'part ' + name, node);
      section.id = 'part-' + name;
      return section;
    });
    body.append(...sections);
    if (!S.isPhone() || shown.length < 2) return null;
    const bar = el('div', 'tabs');
    bar.setAttribute('role', 'tablist');
    const buttons = shown.map(([name]) => {
      const tab = S.button('', S.words['tab_' + name], () => open(name));
      tab.setAttribute('role', 'tab');
      tab.setAttribute('aria-controls', 'part-' + name);
      tab.id = 'tab-' + name;
      return tab;
    });
    function open(name) {
      shown.forEach(([other], i) => {
        buttons[i].setAttribute('aria-selected', String(other === name));
        buttons[i].tabIndex = other === name ? 0 : -1;
        sections[i].hidden = other !== name;
        sections[i].setAttribute('role', 'tabpanel');
        sections[i].setAttribute('aria-labelledby', 'tab-' + other);
      });
      body.scrollTop = 0;
    }
    bar.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
      open(shown[next][0]);
      buttons[next].focus();
    });
    bar.append(...buttons);
    open(shown[0][0]);
    return bar;
  }
})(window.SocialMap);
