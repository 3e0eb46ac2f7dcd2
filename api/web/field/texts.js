// What a database cannot hold is pasted in along with words from elsewhere: control characters, halves of characters.
const PAIRS = /[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g;
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

export const storable = (words) => words.replace(CONTROLS, '').replace(PAIRS, (found) => (found.length === 2 ? found : ''));
