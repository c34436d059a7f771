const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** By character code; base64url's two signs mean the same as base64's. */
const values = new Int8Array(128).fill(-1);
for (let value = 0; value < alphabet.length; value++) values[alphabet.charCodeAt(value)] = value;
values['-'.charCodeAt(0)] = 62;
values['_'.charCodeAt(0)] = 63;

/** Characters of base64 that are looked at before the rest is decoded: images and archives end here. */
const sample = 1_024;
/** Longest base64 that is decoded, in characters: 262,144 bytes. */
const longest = 349_528;

/**
 * The text that base64 (or base64url) holds in UTF-8, up to 262,144 bytes of it; undefined where it holds no text.
 * Never throws.
 *
 * @example
 * textInBase64('aHVudGVyMg=='); // 'hunter2'
 */
export function textInBase64(encoded: string): string | undefined {
  if (!isText(decodeBase64(encoded.slice(0, sample)))) return undefined;
  const bytes = decodeBase64(encoded.slice(0, longest));
  return isText(bytes) ? fromUtf8(bytes) : undefined;
}

/** Base64 and base64url to text, a character a byte; what is not base64 ends it. There is no Buffer in the SDK. */
export function decodeBase64(encoded: string): string {
  const letters: string[] = [];
  let text = '';
  let bits = 0;
  let width = 0;
  for (let position = 0; position < encoded.length; position++) {
    const code = encoded.charCodeAt(position);
    // Long values are written in lines.
    if (code === 10 || code === 13) continue;
    const value = code < 128 ? (values[code] ?? -1) : -1;
    if (value < 0) break;
    bits = ((bits << 6) | value) & 0xffff;
    width += 6;
    if (width < 8) continue;
    width -= 8;
    letters.push(String.fromCharCode((bits >> width) & 0xff));
    if (letters.length < 4_096) continue;
    text += letters.join('');
    letters.length = 0;
  }
  return text + letters.join('');
}

// Control characters but tab, line feed, form feed and carriage return are in no text.
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const control = /[\u0000-\u0008\v\u000e-\u001a\u001c-\u001f]/;

function isText(bytes: string): boolean {
  return bytes !== '' && !control.test(bytes);
}

/** Text in another encoding stays as it is, a character a byte: what is looked for is ASCII. */
function fromUtf8(bytes: string): string {
  // eslint-disable-next-line no-control-regex -- bytes that are ASCII
  if (/^[\u0000-\u007f]*$/.test(bytes)) return bytes;
  try {
    const escaped = bytes.replace(/\W/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
    return decodeURIComponent(escaped);
  } catch {
    return bytes;
  }
}
