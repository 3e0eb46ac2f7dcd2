// Every word of the app in Thai or English, dates in พ.ศ., and the choices of the taxonomy.
const told = { th: {}, en: {} };
export const choices = { problems: [], groups: [], urgencies: [], statuses: {} };
let language = 'th';

export async function loadWords() {
  const [words, offered] = await Promise.all(['words.json', 'choices.json'].map((name) => fetch(name).then((answer) => answer.json())));
  Object.assign(told, words);
  Object.assign(choices, offered);
}

export function speak(chosen) {
  language = chosen === 'en' ? 'en' : 'th';
  document.documentElement.lang = language;
}

export const spoken = () => language;

export function t(key, given = {}) {
  const words = told[language][key];
  if (words === undefined) throw new Error(`no words for ${key}`);
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in given ? String(given[name]) : whole));
}

// The Thai or English of something that has both.
export const name = (one) => (one ? begun(one[language] || one.th || '') : '');

const begun = (words) => words.charAt(0).toUpperCase() + words.slice(1);

export const problemOf = (code) => choices.problems.find((one) => one.code === code?.slice(0, 3));

export function problemName(code) {
  const problem = problemOf(code);
  return name(problem?.subtypes.find((one) => one.code === code) || problem) || t('tile.P16');
}

const YEARS = 543;

export function day(iso) {
  const [year, month, date] = iso.slice(0, 10).split('-').map(Number);
  return language === 'th' ? `${date} ${t(`month.${month}`)} ${year + YEARS}` : `${date} ${t(`month.${month}`)} ${year}`;
}

export const shownYear = (year) => (language === 'th' ? year + YEARS : year);

export function moment(iso) {
  const when = new Date(iso);
  const two = (number) => String(number).padStart(2, '0');
  const local = `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`;
  return t('moment', { day: day(local), time: clock(when) });
}

export function clock(when) {
  const [hours, minutes] = [when.getHours(), when.getMinutes()].map((number) => String(number).padStart(2, '0'));
  return language === 'th' ? `${hours}.${minutes}` : `${hours}:${minutes}`;
}

export const number = (value) => new Intl.NumberFormat(language === 'th' ? 'th-TH-u-nu-latn' : 'en-GB', { maximumFractionDigits: 1 }).format(value);

export const areaName = (area, areas) => {
  const bangkok = area.code.startsWith('10');
  const kind = bangkok && area.level === 'province' ? '' : t(`area.${area.level}${bangkok ? '_bangkok' : ''}`);
  const parent = areas?.find((one) => one.code === area.parent);
  const own = language === 'th' ? kind + area.name_th : (area.name_en || area.name_th);
  return parent ? own + (language === 'th' ? ' ' : ', ') + areaName(parent, areas) : own;
};
