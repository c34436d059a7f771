import { detectStated, type Credential } from './detect.ts';
import { scanText } from './scan-text.ts';

/**
 * Judges a header of an HTTP request. No object can be named in one, so a word under `X-Admin-Secret` or `X-Api-Key`
 * is the credential itself. Never throws, never tells the value.
 *
 * @example
 * detectHeader('X-Admin-Secret', 'hunter'); // { kind: 'secret', … }
 * detectHeader('X-CSRF-Token', 'fetch'); // undefined
 */
export function detectHeader(name: string, value: string): Credential | undefined {
  return scanText('header', `${name}: ${value}`)[0] ?? detectStated(name, value);
}
