/** Why bytes are no text that could be read. */
export interface DecodeProblem {
  readonly code: 'too-large' | 'not-utf8' | 'yaml-syntax';
  readonly message: string;
}

/** More than any dump of one cluster that Kubernetes could take back; requests to it end at 3 MiB. */
const maxFileMebibytes = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Text with line breaks made equal: `\r\n` and a lone `\r` become `\n`, which changes no line and no column. `\r\r\n`
 * is one line break as well: kubectl puts `\n` for `\r\n` before it reads YAML, and what is left is `\r\n`.
 */
export function decodeText(source: string | Uint8Array): { text: string } | { problem: DecodeProblem } {
  if (source.length > maxFileMebibytes * 1024 * 1024) {
    return problem('too-large', `The file is larger than ${maxFileMebibytes} MiB.`);
  }
  if (typeof source === 'string') {
    return source.isWellFormed() ? normalize(source) : problem('not-utf8', notUtf8);
  }
  if ((source[0] === 0xff && source[1] === 0xfe) || (source[0] === 0xfe && source[1] === 0xff)) {
    return problem('not-utf8', 'The file is written in UTF-16: save it as UTF-8.');
  }
  try {
    return normalize(utf8.decode(source));
  } catch {
    return problem('not-utf8', notUtf8);
  }
}

const notUtf8 = 'The file is no valid UTF-8 text: save it as UTF-8.';

function problem(code: DecodeProblem['code'], message: string): { problem: DecodeProblem } {
  return { problem: { code, message } };
}

function normalize(text: string): { text: string } | { problem: DecodeProblem } {
  const start = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (!start.includes('\r')) return { text: start };
  // A line break to YAML and none to kubectl, which passes over all that follows.
  if (/\r---|^---.*\r(?!\r?\n)/m.test(start)) return problem('yaml-syntax', loneReturn);
  return { text: start.replace(/\r?\r\n|\r/g, '\n') };
}

const loneReturn =
  'A carriage return without a line feed stands beside "---", where Kubernetes does not take it for the end of a line: save the file with line feeds.';
