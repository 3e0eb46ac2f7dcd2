// Two have set the same field: what is shown, what was kept, who each is from, and a button for either.
(function (P) {
  'use strict';

  function from(number, place) {
    P.changeOf(number).then((change) => {
      if (change) place.textContent = P.th('plan.page.from', { who: P.whoWords(change), when: change.at ? P.moment(change.at) : '' });
    }).catch(() => {});
  }

  function value(part, name, held, number, key) {
    const who = P.put('span', 'hint', '');
    if (number) from(number, who);
    const take = P.bothButton('', key, () => {
      P.ask({ action: 'set', part: part.id, field: name, value: held === undefined ? null : held });
      P.sayKey('plan.page.settled');
    });
    take.disabled = !P.state.mayEdit;
    return P.el('div', 'value', P.put('p', 'said', P.valueWords(name, held)), who, take);
  }

  // The box below a field that two have set, or nothing.
  P.clashOf = function (part, name) {
    const known = P.state.server.parts.get(part.id);
    const kept = (known && known.kept && known.kept[name]) || [];
    if (!kept.length) return null;
    const box = P.el('div', 'clash', P.both('p', 'head', 'plan.page.clash'));
    box.append(value(known, name, known.fields[name], known.versions[name], 'plan.page.keep_shown'));
    for (const each of kept.slice().reverse()) box.append(value(known, name, each.value, each.number, 'plan.page.take_other'));
    return box;
  };

  P.drawClashes = function () {
    const found = P.clashes();
    const place = P.find('clashes');
    place.hidden = !found.length;
    place.textContent = P.th('plan.page.clashes', { count: found.length });
  };

  let next = 0;
  P.nextClash = function () {
    const found = P.clashes();
    if (!found.length) return;
    const one = found[next++ % found.length];
    P.select(one.part, false);
    P.tell('opened');
    const box = document.querySelector('#form .clash button');
    if (box) box.focus();
  };
})(window.PlanEditor);
