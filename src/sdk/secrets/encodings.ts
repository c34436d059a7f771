import { decodeBase64 } from '../base64.ts';
import { isRecord } from '../json.ts';

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
