// The chosen part beside the map: its fields, where it stands, what may be added under it.
(function (P) {
  'use strict';
  let drawn = null;
  let editing = null;

  P.drawForm = function () {
    const part = P.part(P.state.selected);
    if (!part) return;
    const shape = part.id + ' ' + P.state.mayEdit;
    if (drawn !== shape) {
      commit();
      build(part);
      drawn = shape;
    }
    fill(part);
  };

  function build(part) {
    const form = P.find('form');
    const head = P.el('h2', 'parthead', P.badge(part.kind), P.put('span', '', P.kindWord(part.kind)));
    const rows = P.given.fields[part.kind].filter((name) => P.controlOf(name)).map((name) => row(name));
    form.replaceChildren(head, P.el('div', 'notice'), P.el('div', 'figurebox'), ...rows);
    if (P.given.fields[part.kind].includes('policy_tags')) form.append(policies());
    if (part.kind === 'solution') form.append(P.el('fieldset', 'causes'));
    if (part.kind === 'cause') form.append(P.el('div', 'solutions'));
    form.append(P.el('div', 'related'));
    if (P.state.mayEdit) form.append(adding(part), placing(part));
    form.append(P.el('p', 'hint origin'));
  }

  function policies() {
    const link = P.both('a', '', 'plan.page.policies');
    link.href = location.pathname + '/tags';
    return P.el('p', 'field', link);
  }

  function row(name) {
    const control = P.controlOf(name).make(name);
    control.disabled = !P.state.mayEdit;
    const label = P.both('label', '', 'plan.field.' + name);
    label.htmlFor = control.id;
    const hint = P.given.words['plan.fieldhint.' + name];
    const made = P.el('div', 'field', label, control, hint ? P.put('p', 'hint', hint.th) : null, P.el('div', 'two'), P.el('p', 'newer'));
    made.dataset.field = name;
    control.addEventListener('focus', () => begin(name, control, control.value));
    control.addEventListener('change', () => {
      if (!editing || editing.control !== control) begin(name, control, null);
      commit();
    });
    control.addEventListener('blur', () => { commit(); if (editing && editing.control === control) editing = null; fill(P.part(P.state.selected)); });
    control.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.isComposing && control.tagName === 'TEXTAREA' && P.given.controls[name] !== 'list') {
        event.preventDefault();
        commit();
      }
    });
    return made;
  }

  // What somebody is writing in is asked for with the number that they saw when they began; what they leave is asked for.
  function begin(name, control, first) {
    const earlier = editing;
    editing = { part: P.state.selected, name: name, control: control, base: P.state.server.number, first: first };
    if (earlier && earlier.control !== control) commit(earlier);
  }

  const isDirty = (one) => one.control.isConnected && one.control.value !== one.first;

  function commit(given) {
    const one = given || editing;
    if (!one || !isDirty(one)) return;
    const value = P.controlOf(one.name).read(one.control);
    const base = one.base;
    one.first = one.control.value;
    one.base = P.state.server.number;
    if (one.name === 'text' && value === null) {
      P.sayKey('plan.page.text_needed', {}, true);
      return;
    }
    P.ask({ action: 'set', part: one.part, field: one.name, value: value }, base);
  }

  P.commitForm = () => commit();

  function fill(part) {
    if (!part) return;
    for (const made of document.querySelectorAll('#form .field[data-field]')) {
      const name = made.dataset.field;
      const control = made.querySelector('[name]');
      const value = part.fields[name];
      const written = editing && editing.control === control && (document.activeElement === control || isDirty(editing));
      if (!written) P.controlOf(name).write(control, value);
      newer(made, part, name, written);
      const clash = P.clashOf(part, name);
      const place = made.querySelector('.two');
      const sign = JSON.stringify([part.id, (P.state.server.parts.get(part.id) || {}).kept, part.versions && part.versions[name]]);
      if (place.dataset.sign !== sign || !clash !== !place.firstChild) place.replaceChildren(...(clash ? [clash] : []));
      place.dataset.sign = sign;
    }
    notice(part);
    P.writeDays();
    P.drawLinks(part);
    const origin = document.querySelector('#form .origin');
    if (origin) origin.textContent = part.origin ? P.th('plan.page.origin', { origin: P.originWords(part.origin) }) : '';
  }

  // While somebody writes in a field, another's newer value is told below it and does not push theirs away.
  function newer(made, part, name, written) {
    const known = P.state.server.parts.get(part.id);
    const version = known ? known.versions[name] || 0 : 0;
    const told = made.querySelector('.newer');
    const other = written && version > editing.base && !P.state.own.has(version);
    told.textContent = other ? P.th('plan.page.newer', { value: P.short(P.valueWords(name, known.fields[name]), 80) }) : '';
  }

  function notice(part) {
    const held = P.state.notices.get(part.id);
    const place = document.querySelector('#form .notice');
    place.replaceChildren(...(held ? [P.put('p', '', held.words.th)] : []));
    const figure = P.state.figures.get(part.id);
    const box = document.querySelector('#form .figurebox');
    box.replaceChildren(...(figure ? [P.put('p', '', [figure.words.th, figure.trend_words.th].filter(Boolean).join(' · '))] : []));
  }

  P.originWords = function (origin) {
    const kind = origin.split(':')[0];
    const known = P.given.words['plan.origin.' + kind];
    return known ? P.th('plan.origin.' + kind, { code: origin.slice(kind.length + 1).split('/')[0] }) : origin;
  };

  function adding(part) {
    const kinds = P.allowedUnder(part.kind);
    const box = P.el('div', 'adding');
    if (!kinds.length) return box;
    box.append(P.both('h3', '', 'plan.page.add_under'));
    for (const kind of kinds) {
      const button = P.button('add', '', () => P.addUnder(part.id, kind));
      button.append(P.badge(kind), P.put('span', '', P.kindWord(kind)));
      box.append(button);
    }
    if (P.given.may.branch) box.append(P.bothButton('quiet', 'plan.page.branch', () => P.openBranch(part.id)));
    return box;
  }

  function placing(part) {
    const box = P.el('div', 'placing');
    if (!part.parent) return box;
    box.append(P.both('h3', '', 'plan.page.place'));
    const steps = [['up', () => P.moveBy(part.id, -1)], ['down', () => P.moveBy(part.id, 1)]];
    for (const [name, act] of steps) box.append(P.bothButton('quiet', 'plan.page.move_' + name, act));
    box.append(parents(part), P.bothButton('danger', 'plan.page.remove', () => P.removePart(part.id)));
    return box;
  }

  function parents(part) {
    const own = new Set([part.id, ...P.walk(P.state.shown, part.id).map((each) => each.id)]);
    const root = P.rootOf(P.state.shown);
    const found = [root, ...P.walk(P.state.shown, root.id)].filter((each) => !own.has(each.id) && P.mayStand(part.kind, each.kind));
    const control = P.el('select');
    control.id = 'field-parent';
    for (const each of found) control.append(new Option(P.kindWord(each.kind) + ': ' + P.short(each.fields.text || '', 40), each.id));
    control.value = part.parent;
    control.addEventListener('change', () => { drawn = null; P.moveTo(part.id, control.value, {}); });
    const label = P.both('label', '', 'plan.page.parent');
    label.htmlFor = control.id;
    return P.el('div', 'field', label, control);
  }

  P.redrawForm = function () {
    drawn = null;
    P.drawForm();
  };

  P.on('selected', P.drawForm);
  P.on('drawn', P.drawForm);
})(window.PlanEditor);
