// The fields of a part, each kind of value with a control of its own.
(function (P) {
  'use strict';

  function base(name, tag, type) {
    const control = P.el(tag);
    if (type) control.type = type;
    control.id = 'field-' + name;
    control.name = name;
    return control;
  }

  function choice(name, pairs, empty) {
    const control = base(name, 'select');
    if (empty) control.append(new Option(P.th('plan.page.not_chosen'), ''));
    for (const [value, words] of pairs) control.append(new Option(words, value));
    return control;
  }

  const plain = { read: (control) => oneLine(control.value) || null, write: (control, value) => { control.value = value === undefined || value === null ? '' : String(value); } };
  const oneLine = (words) => words.replace(/\s+/g, ' ').trim();

  // Each: make(name) a control, read(control) its value for the server, write(control, value) the other way.
  P.CONTROLS = {
    text: Object.assign({}, plain, {
      make(name) {
        const control = base(name, 'textarea');
        control.rows = 2;
        control.maxLength = 1000;
        return control;
      },
    }),
    short: Object.assign({}, plain, {
      make(name) {
        const control = base(name, 'input', 'text');
        control.maxLength = 200;
        return control;
      },
    }),
    day: Object.assign({}, plain, { make: (name) => base(name, 'input', 'date') }),
    list: {
      make(name) {
        const control = base(name, 'textarea');
        control.rows = 2;
        return control;
      },
      read(control) {
        const found = control.value.split('\n').map(oneLine).filter(Boolean);
        return found.length ? found : null;
      },
      write(control, value) { control.value = (value || []).join('\n'); },
    },
    number: {
      make(name) {
        const control = base(name, 'input', 'text');
        control.inputMode = 'decimal';
        return control;
      },
      read(control) {
        const words = control.value.replace(/[,\s]/g, '').replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50));
        if (!words) return null;
        return /^\d+(\.\d+)?$/.test(words) ? Number(words) : words;
      },
      write(control, value) {
        const amount = typeof value === 'number' && control.name === 'budget';
        control.value = value === undefined || value === null ? '' : amount ? value.toLocaleString('en-US') : String(value);
      },
    },
    score: Object.assign({}, plain, {
      make: (name) => choice(name, [1, 2, 3, 4, 5].map((each) => [each, String(each)]), true),
      read: (control) => (control.value ? Number(control.value) : null),
    }),
    choice: Object.assign({}, plain, {
      make: (name) => choice(name, P.given.choices[name].map((each) => [each, P.th('plan.choice.' + name + '.' + each)]), true),
      read: (control) => control.value || null,
    }),
    asset: Object.assign({}, plain, {
      make: (name) => choice(name, P.given.assets, true),
      read: (control) => control.value || null,
      write(control, value) {
        if (value && ![...control.options].some((option) => option.value === value)) control.append(new Option(P.assetWords(value), value));
        control.value = value || '';
      },
    }),
    filter: {
      make(name) {
        const pairs = [];
        for (const measure of ['count', 'rate']) {
          for (const [code, words] of P.given.problems) pairs.push([JSON.stringify(filterOf(code, measure)), P.th('plan.page.filter.' + measure) + ': ' + words]);
        }
        return choice(name, pairs, true);
      },
      read: (control) => (control.value ? JSON.parse(control.value) : null),
      write(control, value) {
        const found = value ? JSON.stringify(filterOf(value.problem || '', value.measure)) : '';
        if (found && ![...control.options].some((option) => option.value === found)) control.append(new Option(P.filterWords(value), found));
        control.value = found;
      },
    },
  };

  function filterOf(problem, measure) {
    return problem ? { layer: 'cases', problem: problem, measure: measure } : { layer: 'cases', measure: measure };
  }

  P.filterWords = function (value) {
    const found = P.given.problems.find((pair) => pair[0] === (value.problem || ''));
    return P.th('plan.page.filter.' + (value.measure === 'rate' ? 'rate' : 'count')) + ': ' + (found ? found[1] : value.problem);
  };

  // An asset that is not among those offered was taken out of the register, or is one of another area.
  P.assetWords = function (id) {
    const found = P.given.assets.find((pair) => pair[0] === id);
    return found ? found[1] : P.th('plan.page.asset_gone');
  };

  P.controlOf = (name) => P.CONTROLS[P.given.controls[name]] || null;
})(window.PlanEditor);
