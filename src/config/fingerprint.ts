import type { Fingerprint } from '../engine/compiled.ts';
import { fileProblem, UserError } from '../errors.ts';
import { readPlainFile } from '../plain-file.ts';

const variable = 'DAYGATE_FINGERPRINT_KEY';
/** A shorter key could be guessed by who knows one credential and its fingerprint: 32 hexadecimal digits are 128 bits. */
const shortestKey = 32;
/** 48 bits: among a million credentials two share one by chance in 1 of 500 cases. */
const digits = 12;

/**
 * The fingerprint of a run, keyed by a file or else by the variable DAYGATE_FINGERPRINT_KEY; undefined without a key.
 *
 * @throws UserError where the file cannot be read or the key is too short
 */
export function readFingerprint(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Fingerprint | undefined {
  const [key, source] =
    file === undefined
      ? [environment[variable]?.trim(), variable]
      : [readKey(file), `--fingerprint-key ${file}`];
  if (key === undefined || (key === '' && file === undefined)) return undefined;
  if (key.length < shortestKey) {
    throw new UserError(
      'usage',
      `${source}: a key of ${key.length} characters can be guessed: make one of ${shortestKey} or more, for instance with openssl rand -hex 32`,
    );
  }
  return keyedFingerprint(key);
}

/** HMAC-SHA-256 (RFC 2104), cut to 12 hexadecimal digits. */
export function keyedFingerprint(key: string): Fingerprint {
  // Loaded for those who have a key: it takes a thirtieth of a short run.
  const { createHmac } = process.getBuiltinModule('node:crypto');
  return (text) => createHmac('sha256', key).update(text).digest('hex').slice(0, digits);
}

function readKey(file: string): string {
  try {
    return readPlainFile(file).toString().trim();
  } catch (error) {
    throw new UserError('unreadable', `--fingerprint-key ${file}: ${fileProblem(error)}`, file);
  }
}
