// Small things with which screens are made. Text is always set as text.
const SVG = 'http://www.w3.org/2000/svg';

function put(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'checked' || name === 'disabled' || name === 'hidden') node[name] = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const h = (tag, attributes = {}, ...children) => put(document.createElement(tag), attributes, children);
export const svg = (tag, attributes = {}, ...children) => put(document.createElementNS(SVG, tag), attributes, children);

let numbers = 0;
export const newName = (base) => `${base}-${++numbers}`;

// Words whose lines break only where a | stands: no Thai word is cut.
export const runs = (words) => words.split('|').flatMap((run) => [h('span', { class: 'run' }, run.trim()), ...(run.endsWith(' ') ? [' '] : [])]);

// Names keep together: lines break between them alone.
export const apart = (names) => runs(names.includes(', ') ? names.replaceAll(', ', ', |') : names.replaceAll(' ', ' |'));

export function field(label, control, hint) {
  const id = control.id || newName('field');
  control.id = id;
  const told = hint ? h('p', { class: 'hint', id: `${id}-hint` }, hint) : null;
  if (told) control.setAttribute('aria-describedby', told.id);
  return h('div', { class: 'field' }, h('label', { for: id }, label), told, control);
}

export function section(title, note, ...children) {
  const id = newName('section');
  return h('section', { class: 'part', 'aria-labelledby': id },
    h('div', { class: 'part-head' }, h('h2', { id }, title), note ? h('span', { class: 'note' }, note) : null), ...children);
}

// One of several: radio buttons that look like tiles; each is reached by the arrow keys.
export function tiles(legend, kind, options, chosen, onChoose, many = false) {
  const group = newName('choice');
  const boxes = options.map((option) => {
    const input = h('input', { type: many ? 'checkbox' : 'radio', name: group, value: option.value,
      checked: many ? chosen.includes(option.value) : option.value === chosen,
      onchange: () => onChoose(many ? boxesOf(group) : input.value) });
    return h('label', { class: 'tile' }, input, h('span', { class: 'face' }, option.icon, h('span', { class: 'tile-words' }, option.words)));
  });
  return h('fieldset', { class: `tiles ${kind}` }, h('legend', { class: 'unseen' }, legend), boxes);
}

const boxesOf = (group) => [...document.getElementsByName(group)].filter((one) => one.checked).map((one) => one.value);

export function button(words, onclick, attributes = {}) {
  return h('button', { type: 'button', onclick, ...attributes }, words);
}

let saying = null;
export const hush = () => document.getElementById('said').classList.remove('shown');

// Say something that passes: seen for a while, heard at once.
export function say(words) {
  const place = document.getElementById('said');
  place.textContent = words;
  place.classList.add('shown');
  clearTimeout(saying);
  saying = setTimeout(hush, 4000);
}
