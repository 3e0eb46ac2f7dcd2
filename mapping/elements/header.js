// The head of a page: where we are, what is shown, which filters hold, for whom it is.
(function (S) {
  'use strict';
  const { el, put } = S;

  function crumbs() {
    const list = el('ol');
    S.data.head.crumbs.forEach(([name, href], i, all) => {
      let node = put(i === all.length - 1 ? 'strong' : 'span', '', name);
      if (href) {
        node = put('a', '', name);
        node.href = href;
      }
      if (i === all.length - 1) node.setAttribute('aria-current', 'page');
      list.append(el('li', '', node));
    });
    const nav = el('nav', 'crumbs', list);
    nav.setAttribute('aria-label', S.words.areas);
    return nav;
  }

  function filter(choice) {
    if (!S.data.served) return el('div', 'filter', put('span', 'label', choice.label), put('span', 'fixed', choice.shown));
    const select = el('select');
    for (const [value, text] of choice.options) {
      const option = put('option', '', text);
      option.value = value;
      option.selected = value === choice.value;
      select.append(option);
    }
    select.addEventListener('change', () => {
      const asked = new URLSearchParams(location.search);
      for (const other of S.data.head.choices) if (other.value) asked.set(other.name, other.value);
      if (select.value) asked.set(choice.name, select.value);
      else asked.delete(choice.name);
      location.assign(location.pathname + '?' + asked + location.hash);
    });
    return el('label', 'filter', put('span', 'label', choice.label), select);
  }

  S.drawHeader = function () {
    const head = S.data.head;
    const titles = el('div', 'titles', crumbs(), S.thai('h1', '', head.title));
    const filters = el('div', 'filters', ...head.choices.map(filter));
    const stamps = el('div', 'stamps', put('span', 'audience', head.audience), head.invented ? put('span', 'invented', head.invented) : null);
    return el('header', 'head', titles, filters, stamps);
  };
})(window.SocialMap);
