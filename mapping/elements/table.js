// The same figures as a table, in a dialog of its own.
(function (S) {
  'use strict';
  const { el, put, thai } = S;

  S.dataTable = function () {
    const data = S.data.table;
    const head = el('tr');
    data.columns.forEach((column, i) => {
      const cell = thai('th', i === 0 || (i > 2 && i < data.columns.length - 1) ? 'right' : '', column);
      cell.scope = 'col';
      head.append(cell);
    });
    const body = el('tbody');
    for (const [code, row] of data.rows) {
      const line = el('tr');
      line.dataset.code = code;
      row.forEach((text, i) => {
        if (i === 1) {
          const name = el('th', '', S.button('link', text, () => { S.table.close(); S.choose(code); }));
          name.scope = 'row';
          line.append(name);
        } else line.append(put('td', i === 0 || (i > 2 && i < row.length - 1) ? 'right' : '', text));
      });
      body.append(line);
    }
    return el('table', 'figures', put('caption', '', data.caption), el('thead', '', head), body);
  };

  S.drawTable = function () {
    const dialog = el('dialog', 'table');
    dialog.setAttribute('aria-label', S.words.table);
    const close = S.button('control square', '×', () => dialog.close());
    close.setAttribute('aria-label', S.words.close);
    const scroll = el('div', 'scroll');
    scroll.tabIndex = 0;
    scroll.setAttribute('role', 'region');
    scroll.setAttribute('aria-label', S.data.table.caption);
    dialog.append(el('header', '', put('h2', '', S.words.all_rows), close), scroll, el('div', 'notes', ...S.data.notes.map((note) => S.thai('p', '', note))));
    S.table = dialog;
    S.openTable = () => {
      if (!scroll.firstChild) scroll.append(S.dataTable());
      dialog.showModal();
    };
    return dialog;
  };
})(window.SocialMap);
