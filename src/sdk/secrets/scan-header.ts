import { detectCredential, type Credential } from './detect.ts';
import { nameEvidence } from './names.ts';
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
  const [found] = scanText('header', `${name}: ${value}`);
  if (found !== undefined) return found;
  const kind = nameEvidence(name)?.kind;
  if (kind === undefined || !/^(?:secret|token|API key|access key)$/.test(kind)) return undefined;
  // A name under which every word counts.
  const word = detectCredential({ name: 'webhook_secret', value });
  return word === undefined ? undefined : { ...word, kind };
}
