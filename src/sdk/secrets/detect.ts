import type { Credential } from './credential.ts';
import { detectByName } from './detect-by-name.ts';
import { detectFormat } from './detect-format.ts';
import { shortestFormat } from './formats.ts';
import { nameEvidence } from './names.ts';
import { isWordWithSign } from './strength.ts';

/** A value to judge, with the name it stands under where it has one. */
export interface NamedValue {
  /** Of the variable, key, flag or header. */
  readonly name?: string | undefined;
  readonly value: string;
  /** The literal text of another variable for `$(VAR)`; undefined where it comes from a Secret or is not known. */
  readonly resolve?: ((variable: string) => string | undefined) | undefined;
}

/** Longest value that is searched, in characters; documents are for `scanText`. */
const longestValue = 262_144;

/**
 * Judges a name and a value together and says what credential the value is or holds; undefined where it is none.
 * Never throws, never tells the value. Values are searched up to 262,144 characters.
 *
 * Source of the rule: NSA/CISA Kubernetes Hardening Guidance (secrets are not to be stored in the clear).
 *
 * @example
 * detectCredential({ name: 'DB_PASSWORD', value: 'hunter2' }); // { kind: 'password', … }
 * detectCredential({ name: 'TOKEN_URL', value: 'https://id.example.com/token' }); // undefined
 * detectCredential({ value: 'postgres://app:hunter2@db/app' }); // { kind: 'password in a URL', … }
 */
export function detectCredential({ name, value, resolve }: NamedValue): Credential | undefined {
  const telling = name === undefined ? undefined : nameEvidence(name);
  const refers = resolve !== undefined && value.includes('$(');
  // Nearly every variable ends here.
  if (telling === undefined && !refers && value.length < shortestFormat) return undefined;
  const whole = refers ? expand(value, resolve) : value;
  const text = whole.length > longestValue ? whole.slice(0, longestValue) : whole;
  if (telling === undefined) return detectFormat(text);
  return detectFormat(text) ?? detectByName(telling, text.trim(), variable.test(name ?? ''));
}

/** How variables are written, and no keys of texts for readers. */
const variable = /^[A-Z][A-Z\d_]*$/;

/**
 * As `detectCredential`, where no object can be named: in the header of a request a word under `X-Admin-Secret` or
 * `X-Api-Key` is the credential itself.
 */
export function detectStated(name: string, value: string): Credential | undefined {
  const kind = nameEvidence(name)?.kind;
  if (kind === undefined || !/^(?:secret|token|API key|access key)$/.test(kind)) return undefined;
  const text = value.trim();
  return detectByName({ kind, expects: isWordWithSign(text) ? 'text' : 'literal' }, text);
}

/**
 * As `detectCredential`, under a flag: `--api-key tulip-7` takes the text itself, since a flag for the name of an
 * object says so (`--secret-name`).
 */
export function detectFlagged(flag: string, value: string): Credential | undefined {
  const { kind, expects } = nameEvidence(flag) ?? {};
  return expects === 'random' &&
    /^(?:token|API key)$/.test(kind ?? '') &&
    /\d/.test(value) &&
    isWordWithSign(value)
    ? detectStated(flag, value)
    : undefined;
}

/** What the kubelet would put for `$(VAR)`, as long as it is searched: https://kubernetes.io/docs, dependent environment variables. */
function expand(value: string, resolve: NamedValue['resolve']): string {
  let room = longestValue;
  return value.replace(/\$(?:\$|\(([^()\s]{1,256})\))/g, (whole, variable: string | undefined) => {
    // A thousand references to a text of a megabyte make more than a string may hold.
    const known = room > 0 && variable !== undefined ? resolve?.(variable)?.slice(0, room) : undefined;
    room -= known?.length ?? 0;
    return variable === undefined ? '$' : (known ?? whole);
  });
}
