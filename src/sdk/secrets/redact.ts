import { detectCredential } from './detect.ts';
import { secretsIn } from './detect-format.ts';
import { formatsFor } from './formats.ts';
import { mayTellForeign } from './languages.ts';
import { mayTell } from './names.ts';

/** What stands where a credential was. */
const redacted = '[redacted]';

/** `password=…`, `"token": "…"`, `--api-key …`; the value ends at white space or punctuation. */
const assignment =
  /(?<before>(?<![\w.\xaa-\u1fff\u3041-\ud7ff-])(?<key>[A-Z_\xaa-\u1fff\u3041-\ud7ff-][\w.\xaa-\u1fff\u3041-\ud7ff-]{1,127})["']?(?<between>\s{0,4}[:=]\s{0,4})["']?)(?<value>[^\s"',;&|<>)}\]]{3,4096})/gi;

/**
 * Replaces every part of a text that looks like a credential by `[redacted]`: known token formats, private keys,
 * passwords in URLs and connection strings, values after a telling name. The last line of defence for messages,
 * which hold no values to begin with. Never throws.
 *
 * @example
 * redact('cannot reach postgres://app:hunter2@db/app'); // 'cannot reach postgres://app:[redacted]@db/app'
 */
export function redact(text: string): string {
  if (fieldName.test(text) || (text.length < shortestToken && !separators.test(text))) return text;
  const clean = redactFormats(text);
  return mayTell(clean) || mayTellForeign(clean) ? redactAssignments(clean) : clean;
}

/** `allowPrivilegeEscalation`: formats that may be letters alone are longer (crates.io has 35) or begin with a capital. */
const fieldName = /^[a-z][A-Za-z]{0,31}$/;
/** Names of containers, ports and namespaces, which most texts are: no format has so few characters on its own. */
const shortestToken = 15;
const separators = /[\s:=@]/;

function redactFormats(text: string): string {
  return formatsFor(text).reduce<string>((clean, format) => {
    let done = 0;
    let result = '';
    for (const { at, secret } of secretsIn(format, clean)) {
      result += clean.slice(done, at) + redacted;
      done = at + secret.length;
    }
    return result + clean.slice(done);
  }, text);
}

function redactAssignments(text: string): string {
  return text.replace(assignment, (match, before: string, key: string, between: string, value: string) => {
    // In prose a word after `password:` is a word: there it takes a digit to be redacted.
    const isProse = between.includes(':') && !/\d/.test(value);
    return !isProse && detectCredential({ name: key, value }) ? before + redacted : match;
  });
}
