import type { Credential } from './credential.ts';
import type { Format } from './format.ts';
import { formatsFor, type CredentialKind } from './formats.ts';
import { isFiller, isPlaceholder } from './placeholders.ts';

/** Characters before and after a match in which the rest of a URL or connection string is looked for. */
const surroundings = 512;

/** The first credential whose format gives it away. */
export function detectFormat(text: string): Credential | undefined {
  for (const format of formatsFor(text)) {
    // Much cheaper than to ask for all matches.
    if (text.search(format.pattern) < 0) continue;
    for (const { secret } of secretsIn(format, text)) {
      const isCertain = format.handmade !== true && format.proof?.(secret) !== false;
      return {
        kind: ofDocument(format.kind, text),
        confidence: isCertain ? 'certain' : 'likely',
        evidence: 'format',
        secret: () => secret,
      };
    }
  }
  return undefined;
}

/** The places of one format's credentials in a text; `secret` is for the caller's eyes only. */
export function* secretsIn(
  format: Format,
  text: string,
): Generator<{ readonly at: number; readonly secret: string }> {
  const { pattern } = format;
  for (
    let match = matchFrom(pattern, text, 0);
    match !== null;
    match = matchFrom(pattern, text, next(match))
  ) {
    const secret = match.groups?.['secret'] ?? match[0];
    const end = match.index + match[0].length;
    const around = (): string => text.slice(Math.max(0, match.index - surroundings), end + surroundings);
    // Only the last place: `token` may also be part of what stands before it.
    if (isCredential(format, secret, around))
      yield { at: match.index + match[0].lastIndexOf(secret), secret };
  }
}

/** As `matchAll`, which copies the pattern first. */
function matchFrom(pattern: RegExp, text: string, start: number): RegExpExecArray | null {
  pattern.lastIndex = start;
  return pattern.exec(text);
}

function next({ index, 0: whole }: RegExpExecArray): number {
  return index + Math.max(1, whole.length);
}

/** A private key inside a Google credentials file opens a whole project. */
function ofDocument(kind: CredentialKind, text: string): CredentialKind {
  return kind === 'private key' && text.includes('"service_account"') ? 'Google service account key' : kind;
}

/** Whether what matched a format is more than an example of the format. */
function isCredential(format: Format, secret: string, around: () => string): boolean {
  if (isPlaceholder(secret) || format.check?.(secret, around()) === false) return false;
  // `user:PASSWORD@host` is documentation; anything else that somebody wrote by hand counts.
  if (format.handmade === true) return !/^(?:PASS|PASSWORD|PWD|PASSWD|SECRET|TOKEN)$/.test(secret);
  return !isFiller(secret.slice(-16)) && !/x{8}|\*{4}|\.{4}/i.test(secret);
}
