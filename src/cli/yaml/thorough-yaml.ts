import { Composer, type Document } from 'yaml';
import { buildTree } from './build-tree.ts';
import type { LineOf } from './duplicate-key.ts';
import { syntaxFault, type DocumentFault, type SourceNode } from './source-node.ts';
import { tokensOf } from './tokens.ts';
import { faultOf } from './yaml-faults.ts';

export interface ParsedYaml {
  /** Absent where the text holds nothing but comments. */
  readonly root?: SourceNode;
  /** Reads the tree once more, where that costs less than keeping it. */
  readonly again?: () => SourceNode;
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
 * Reads whatever Kubernetes reads, with the nodes and errors of the library corrected where it reads otherwise.
 *
 * @param base offset of the text in its file
 * @throws DocumentFault where Kubernetes could not read it either, or not all of it
 */
export function parseThoroughly(text: string, base: number, lineOf: LineOf): ParsedYaml {
  const documents = [...compose(text, base)];
  const [first, second] = documents;
  if (first === undefined) return { duplicates: [] };
  for (const { errors } of documents) {
    const error = errors.find(({ code }) => code !== 'BAD_COLLECTION_TYPE');
    if (error !== undefined) throw faultOf(error, text, base);
  }
  if (second !== undefined) {
    const message = 'Kubernetes does not read what follows "...": separate documents with "---".';
    throw syntaxFault(message, base + second.range[0]);
  }
  return first.contents === null ? { duplicates: [] } : buildTree(first.contents, text, base, lineOf);
}

function* compose(text: string, base: number): Generator<Document.Parsed> {
  const composer = new Composer(options);
  let hasContent = false;
  for (const token of tokensOf(text, base)) {
    if (token.type === 'directive') {
      const message = 'Kubernetes does not read directives (% at the start of a line): remove it.';
      throw syntaxFault(message, base + token.offset);
    }
    if (token.type === 'doc-end' && !hasContent) {
      throw syntaxFault('A document ends here ("...") that has no content.', base + token.offset);
    }
    hasContent ||= token.type === 'document' && token.value !== undefined;
    yield* composer.next(token);
  }
  const before = composer.streamInfo().errors[0];
  yield* composer.end();
  if (before !== undefined) throw faultOf(before, text, base);
}
