import { decodeBase64 } from '../base64.ts';
import { isRecord } from '../json.ts';

/** Whether a token's first part is a JOSE header: JSON that names an algorithm (RFC 7515, 4.1.1). */
export function hasJwtHeader(token: string): boolean {
  return typeof memberOf(token.slice(0, token.indexOf('.')), 'alg') === 'string';
}

/** Whether a JSON Web Token is for everybody who has none of his own: PostgREST and Supabase give it to browsers. */
export function isAnonymous(token: string): boolean {
  return memberOf(token.split('.', 2)[1] ?? '', 'role') === 'anon';
}

function memberOf(encoded: string, name: string): unknown {
  try {
    const part: unknown = JSON.parse(decodeBase64(encoded));
    return isRecord(part) ? part[name] : undefined;
  } catch {
    return undefined;
  }
}

/** Whether base64 holds `user:password` (RFC 7617), both printable. */
export function hasBasicUser(encoded: string): boolean {
  const text = decodeBase64(encoded.slice(0, 1024));
  const colon = text.indexOf(':');
  return colon >= 0 && colon < text.length - 1 && /^[\u0020-\u007e]+$/.test(text);
}
