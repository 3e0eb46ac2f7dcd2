// Photos are drawn anew at most 1600 pixels wide or high, upright, and nothing but the picture itself is kept of them.
const LONGEST = 1600, LARGEST = 1400000;
const QUALITIES = [0.8, 0.7, 0.55, 0.4];
export const MOST_PHOTOS = 5;

// Return the bytes of a JPEG. Throws what the browser throws for a file that is no picture.
export async function redrawn(file) {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  try {
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const pen = canvas.getContext('2d', { alpha: false });
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await encoded(canvas);
  } finally {
    picture.close();
  }
}

async function encoded(canvas) {
  let bytes = null;
  for (const quality of QUALITIES) {
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', quality));
    if (blob?.type !== 'image/jpeg') throw new TypeError('no JPEG');
    bytes = bare(new Uint8Array(await blob.arrayBuffer()));
    if (bytes.length <= LARGEST) break;
  }
  return bytes;
}

// Take out every segment that is not needed to draw the picture: some browsers write EXIF of their own.
export function bare(bytes) {
  const kept = [bytes.subarray(0, 2)];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1];
    if (marker === 0xda) break;
    const end = at + 2 + (bytes[at + 2] << 8 | bytes[at + 3]);
    const told = (marker >= 0xe1 && marker <= 0xef && marker !== 0xee) || marker === 0xfe;
    if (!told) kept.push(bytes.subarray(at, end));
    at = end;
  }
  kept.push(bytes.subarray(at));
  const whole = new Uint8Array(kept.reduce((sum, part) => sum + part.length, 0));
  let to = 0;
  for (const part of kept) {
    whole.set(part, to);
    to += part.length;
  }
  return whole;
}
