import { isRecord } from '../json.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 and base64url to text, a character a byte; what is not base64 ends it. There is no Buffer in the SDK. */
export function decodeBase64(encoded: string): string {
  let text = '';
  let bits = 0;
  let width = 0;
  for (const letter of encoded) {
    const value = alphabet.indexOf(letter === '-' ? '+' : letter === '_' ? '/' : letter);
    if (value < 0) break;
    bits = ((bits << 6) | value) & 0xffff;
    width += 6;
    if (width >= 8) {
      width -= 8;
      text += String.fromCharCode((bits >> width) & 0xff);
    }
  }
  return text;
}

/** Whether a token's first part is a JOSE header: JSON that names an algorithm (RFC 7515, 4.1.1). */
export function hasJwtHeader(token: string): boolean {
  try {
    const header: unknown = JSON.parse(decodeBase64(token.slice(0, token.indexOf('.'))));
    return isRecord(header) && typeof header['alg'] === 'string';
  } catch {
    return false;
  }
}

/** Whether base64 holds `user:password` (RFC 7617), both printable. */
export function hasBasicUser(encoded: string): boolean {
  const text = decodeBase64(encoded.slice(0, 1024));
  const colon = text.indexOf(':');
  return colon >= 0 && colon < text.length - 1 && /^[\u0020-\u007e]+$/.test(text);
}
