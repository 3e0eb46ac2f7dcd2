// Up to five photos: drawn anew at once, shown small, removed by a button.
import { button, h, say, section } from './dom.js';
import { icon } from './icons.js';
import { newId } from './ids.js';
import { dropPhoto, keepPhoto } from './drafts.js';
import { MOST_PHOTOS, redrawn } from './photos.js';
import { t } from './words.js';

export function photoPart(draft, changed) {
  const row = h('ul', { class: 'photos' }), note = h('span', { class: 'note', role: 'status' });
  const addresses = new Map();
  let working = Promise.resolve();

  async function add(files) {
    for (const file of files) {
      if (draft.photos.length >= MOST_PHOTOS) {
        say(t('photo.most', { most: MOST_PHOTOS }));
        break;
      }
      note.textContent = t('photo.working');
      try {
        const photo = { id: newId(), bytes: await redrawn(file) };
        await keepPhoto(photo);
        draft.photos.push(photo);
        changed('photos');
      } catch {
        say(t('photo.bad'));
      }
    }
    show();
  }

  async function remove(photo) {
    draft.photos = draft.photos.filter((one) => one !== photo);
    URL.revokeObjectURL(addresses.get(photo.id));
    addresses.delete(photo.id);
    await changed('photos');
    await dropPhoto(photo.id);
    show();
    take.input.focus();
  }

  function show() {
    note.textContent = t('photo.count', { n: draft.photos.length, most: MOST_PHOTOS });
    row.replaceChildren(...draft.photos.map((photo, at) => {
      if (!addresses.has(photo.id)) addresses.set(photo.id, URL.createObjectURL(new Blob([photo.bytes], { type: 'image/jpeg' })));
      return h('li', {}, h('img', { src: addresses.get(photo.id), alt: t('photo.alt', { n: at + 1 }) }),
        button('×', () => remove(photo), { 'aria-label': t('photo.remove', { n: at + 1 }) }));
    }));
    const full = draft.photos.length >= MOST_PHOTOS;
    for (const each of [take, choose]) each.input.disabled = full;
  }

  const chooser = (sign, words, attributes) => {
    const input = h('input', { type: 'file', accept: 'image/*', class: 'unseen', ...attributes, onchange: () => {
      const files = [...input.files];
      input.value = '';
      working = working.then(() => add(files));
    } });
    return { input, node: h('label', { class: 'button' }, input, icon(sign, 20), words) };
  };
  const take = chooser('camera', t('photo.take'), { capture: 'environment', id: 'take-photo' });
  const choose = chooser('picture', t('photo.choose'), { multiple: true, id: 'choose-photo' });
  show();
  return {
    node: section(t('new.photos'), note, row, h('div', { class: 'ways' }, take.node, choose.node), h('p', { class: 'hint' }, t('photo.hint'))),
    ready: () => working,
    stop() { for (const address of addresses.values()) URL.revokeObjectURL(address); },
  };
}
