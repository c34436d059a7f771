import { Composer, type Document } from 'yaml';
import { buildTree } from './build-tree.ts';
import type { LineOf } from './duplicate-key.ts';
import { DocumentFault, type SourceNode } from './source-node.ts';
import { tokensOf } from './tokens.ts';
import { faultOf } from './yaml-faults.ts';

interface ParsedYaml {
  /** Absent where the text holds nothing but comments. */
  readonly root?: SourceNode;
  readonly duplicates: readonly DocumentFault[];
}

/** Scalars are resolved by build-tree.ts, after the rules of Kubernetes. */
const options = {
  schema: 'failsafe',
  resolveKnownTags: false,
  uniqueKeys: false,
  prettyErrors: false,
  keepSourceTokens: true,
  logLevel: 'silent',
} as const;

/**
 * All but the printable characters of YAML 1.1. U+0085, U+2028 and U+2029 are printable, but line breaks in 1.1 and
 * none in 1.2: they are refused rather than read in another way than Kubernetes does.
 */
const unprintable =
  /[^\t\n\r\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** The nodes of the library take about a hundred times the space of the text: 8 MiB are 800 MiB of memory. */
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
  const documents = [...compose(text, base)];
  const [first, second] = documents;
  if (first === undefined) return { duplicates: [] };
  for (const { errors } of documents) {
    const error = errors.find(({ code }) => code !== 'BAD_COLLECTION_TYPE');
    if (error !== undefined) throw faultOf(error, text, base);
  }
  if (second !== undefined) {
    const message = 'Kubernetes does not read what follows "...": separate documents with "---".';
    throw new DocumentFault('yaml-syntax', message, base + second.range[0]);
  }
  return first.contents === null ? { duplicates: [] } : buildTree(first.contents, text, base, lineOf);
}

function* compose(text: string, base: number): Generator<Document.Parsed> {
  const composer = new Composer(options);
  let hasContent = false;
  for (const token of tokensOf(text, base)) {
    if (token.type === 'directive') {
      const message = 'Kubernetes does not read directives (% at the start of a line): remove it.';
      throw new DocumentFault('yaml-syntax', message, base + token.offset);
    }
    if (token.type === 'doc-end' && !hasContent) {
      throw new DocumentFault(
        'yaml-syntax',
        'A document ends here ("...") that has no content.',
        base + token.offset,
      );
    }
    hasContent ||= token.type === 'document' && token.value !== undefined;
    yield* composer.next(token);
  }
  const before = composer.streamInfo().errors[0];
  yield* composer.end();
  if (before !== undefined) throw faultOf(before, text, base);
}
