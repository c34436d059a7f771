import type { LineOf } from './duplicate-key.ts';
import { parsePlainYaml } from './plain-yaml.ts';
import { DocumentFault, type SourceNode } from './source-node.ts';
import { parseThoroughly, type ParsedYaml } from './thorough-yaml.ts';

/**
 * All but the printable characters of YAML 1.1. U+0085, U+2028 and U+2029 are printable, but line breaks in 1.1 and
 * none in 1.2: they are refused rather than read in another way than Kubernetes does.
 */
const unprintable =
  /[^\t\n\r\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** The nodes of the thorough reader take about a hundred times the space of the text: 8 MiB are 800 MiB of memory. */
const maxMebibytes = 8;

/**
 * Reads the text of one document.
 *
 * @param base offset of the text in its file
 * @throws DocumentFault where Kubernetes could not read it either, or not all of it
 */
export function parseYaml(text: string, base: number, lineOf: LineOf): ParsedYaml {
  if (text.length > maxMebibytes * 1024 * 1024) {
    const message = `A YAML document larger than ${maxMebibytes} MiB is not read: split it, or get it as JSON ("kubectl get -o json").`;
    throw new DocumentFault('too-large', message, base);
  }
  const control = unprintable.exec(text);
  if (control !== null) {
    const code = (text.codePointAt(control.index) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const message = `Character U+${code} is not allowed in YAML: remove it, or write it as an escape in double quotes.`;
    throw new DocumentFault('control-character', message, base + control.index);
  }
  const root = parsePlainYaml(text, base);
  if (root === undefined) return parseThoroughly(text, base, lineOf);
  return { root, again: () => readAgain(text, base), duplicates: [] };
}

function readAgain(text: string, base: number): SourceNode {
  const root = parsePlainYaml(text, base);
  if (root === undefined) throw new Error('a text was plain YAML once and is none now');
  return root;
}
