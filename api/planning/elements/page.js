// Puts the page together and begins: the tool bar, the state of saving, the sheet of a phone.
(function (P) {
  'use strict';

  function saving() {
    const waiting = P.waiting().length;
    const away = !navigator.onLine || !P.reached;
    if (P.stopped) return ['stopped', P.th('plan.page.stopped', { count: waiting })];
    if (!P.given.may.edit) return ['reading', P.th('plan.page.reading')];
    if (away) return ['offline', P.th('plan.page.offline', { count: waiting })];
    if (waiting || P.isSending()) return ['sending', P.th('plan.page.sending')];
    return ['saved', P.th('plan.page.saved')];
  }

  function drawState() {
    const [name, words] = saving();
    const place = P.find('saving');
    if (place.dataset.state !== name || place.textContent !== words) {
      place.dataset.state = name;
      place.textContent = words;
    }
    const unkept = P.waiting().some((each) => each.kept === false);
    P.find('unkept').hidden = !unkept;
    if (P.find('undo')) {
      P.find('undo').disabled = !P.state.mayEdit || !(P.state.undo.length || P.waiting().some((each) => !each.tried));
      P.find('redo').disabled = !P.state.mayEdit || !P.state.redo.length;
    }
  }

  function drawStopped() {
    const place = P.find('stopped');
    if (!P.stopped) return;
    place.hidden = false;
    const again = P.el('a', '', P.th(P.stopped.status === 401 || P.stopped.status === 403 ? 'plan.page.sign_in' : 'plan.page.reload'));
    const here = encodeURIComponent(location.pathname);
    again.href = P.stopped.status === 401 || P.stopped.status === 403 ? '/signin?next=' + here : location.pathname;
    place.replaceChildren(P.put('strong', '', P.stopped.th), ' ', again);
    P.redrawForm();
  }

  function openSheet(open) {
    P.find('panel').classList.toggle('open', open);
    P.find('sheet').setAttribute('aria-expanded', String(open));
  }

  function listenTools() {
    const mind = P.mind();
    const acts = {
      undo: P.undo, redo: P.redo, fit: () => P.fit(0), clashes: P.nextClash,
      'zoom-in': () => mind.scale(mind.scaleVal + 0.1), 'zoom-out': () => mind.scale(mind.scaleVal - 0.1),
      'fold-activities': () => P.foldAll(['solution']), 'unfold-all': () => P.foldAll([]),
      outline() {
        const to = !P.isOutline();
        P.setOutline(to);
        P.find('outline').setAttribute('aria-pressed', String(to));
      },
      sheet: () => openSheet(!P.find('panel').classList.contains('open')),
    };
    for (const name in acts) if (P.find(name)) P.find(name).addEventListener('click', acts[name]);
    P.find('outline').setAttribute('aria-pressed', String(P.isOutline()));
    window.matchMedia('(max-width: 820px)').addEventListener('change', (query) => {
      P.setOutline(query.matches);
      P.find('outline').setAttribute('aria-pressed', String(query.matches));
    });
  }

  function listenAll() {
    for (const name of ['drawn', 'sending', 'undoable', 'stopped']) P.on(name, drawState);
    P.on('stopped', drawStopped);
    P.on('writing', () => openSheet(false));
    P.on('opened', () => { if (P.isPhone()) openSheet(true); });
    // What is being written is kept when the page goes, by whichever way.
    window.addEventListener('pagehide', () => { P.commitWriting(); P.commitForm(); });
  }

  P.start = function () {
    P.begin(JSON.parse(P.find('plan-given').textContent));
    document.documentElement.classList.add('scripted');
    P.takeUp();
    listenAll();
    P.makeMap();
    P.listenKeys();
    P.listenDialogs();
    listenTools();
    document.addEventListener('input', (event) => { if (event.target.type === 'date') P.writeDays(); });
    P.find('said').addEventListener('click', () => P.find('said').classList.remove('open'));
    P.redrawForm();
    P.drawRemoved();
    P.drawClashes();
    drawState();
    P.select(P.state.selected, false);
    P.follow();
    P.readFigures();
    P.send();
    P.find('map').dataset.ready = 'true';
    performance.mark('plan-ready');
  };

  // Where anything fails the plan still stands on the page to be read.
  try {
    P.start();
  } catch (error) {
    document.documentElement.classList.remove('scripted');
    P.find('broken').hidden = false;
    throw error;
  }
})(window.PlanEditor);
