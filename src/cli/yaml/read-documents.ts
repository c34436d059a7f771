import type { LineOf } from './duplicate-key.ts';
import { parseJson, skipSpace } from './parse-json.ts';
import { parseYaml } from './parse-yaml.ts';
import { DocumentFault, syntaxFault, type SourceNode } from './source-node.ts';
import { splitDocuments, type Chunk } from './split-documents.ts';
import { findTemplate } from './template-hint.ts';
import type { ParsedYaml } from './thorough-yaml.ts';

/** One document of a file: its tree unless it could not be read or holds nothing. */
export interface ReadDocument {
  readonly start: number;
  readonly end: number;
  readonly root?: SourceNode;
  /** Reads the tree once more, where that costs less than keeping it. */
  readonly again?: () => SourceNode;
  readonly faults: readonly DocumentFault[];
}

/** A file that starts with `{` is read as JSON as long as that goes well, like in kubectl. */
export function readDocuments(text: string, lineOf: LineOf): ReadDocument[] {
  const json = text[skipSpace(text, 0)] === '{' ? readJson(text, lineOf) : undefined;
  if (json === undefined) return readYaml(text, 0, lineOf);
  const { documents, rest, fault } = json;
  if (fault === undefined) return documents;
  // One value may be the start of a YAML file; after two kubectl insists on JSON, and its complaint is the better
  // one wherever text looks like JSON.
  const isFinal =
    documents.length > 1 ||
    fault.code !== 'yaml-syntax' ||
    isTooShort(text.slice(documents.at(-1)?.end ?? 0));
  if (isFinal) return [...documents, { start: rest, end: text.length, faults: [fault] }];
  const others = readYaml(text, rest, lineOf);
  const [first, ...more] = others;
  const looksLikeJson = documents.length === 0 && /^\s*\{\s*"/.test(text);
  if (looksLikeJson && first?.faults[0]?.code === 'yaml-syntax')
    return [{ ...first, faults: [fault] }, ...more];
  return [...documents, ...others];
}

/** kubectl looks at four bytes at a time before it goes on in YAML, and gives up where there are fewer. */
function isTooShort(rest: string): boolean {
  return Buffer.byteLength(rest.replace(/^[ \t]+/, '').slice(0, 4)) < 4;
}

interface JsonStream {
  readonly documents: ReadDocument[];
  /** Where reading stopped, and why. */
  readonly rest: number;
  readonly fault?: DocumentFault;
}

function readJson(text: string, lineOf: LineOf): JsonStream {
  const documents: ReadDocument[] = [];
  let at = 0;
  for (let start = skipSpace(text, 0); start < text.length; start = skipSpace(text, at)) {
    try {
      const { root, end, duplicates } = parseJson(text, start, lineOf);
      documents.push(documentOf({ start, end }, { root, duplicates }));
      at = end;
    } catch (error) {
      if (error instanceof DocumentFault) return { documents, rest: restAfter(text, at), fault: error };
      throw error;
    }
  }
  return { documents, rest: text.length };
}

/** kubectl skips white space up to the end of the line before it goes on in YAML. */
function restAfter(text: string, at: number): number {
  const end = skipSpace(text, at);
  const newline = text.indexOf('\n', at);
  return newline !== -1 && newline < end ? newline + 1 : end;
}

function readYaml(text: string, from: number, lineOf: LineOf): ReadDocument[] {
  return splitDocuments(text, from).map((chunk) => {
    const { start, end } = chunk;
    try {
      return documentOf(chunk, parseChunk(text, chunk, lineOf));
    } catch (error) {
      if (!(error instanceof DocumentFault)) throw error;
      return { start, end, faults: [withTemplateHint(error, text, chunk)] };
    }
  });
}

function parseChunk(text: string, chunk: Chunk, lineOf: LineOf): ParsedYaml {
  if (chunk.fault) throw syntaxFault(chunk.fault.message, chunk.fault.offset);
  return parseYaml(text.slice(chunk.start, chunk.end), chunk.start, lineOf);
}

function documentOf(
  { start, end }: { readonly start: number; readonly end: number },
  { root, again, duplicates }: ParsedYaml,
): ReadDocument {
  const isEmpty = root === undefined || (root.kind === 'scalar' && root.value === null);
  return duplicates.length > 0 || isEmpty
    ? { start, end, faults: duplicates }
    : { start, end, root, ...(again && { again }), faults: [] };
}

/** Whoever checks a template has to hear about that, not about a brace in the wrong place. */
function withTemplateHint(fault: DocumentFault, text: string, { start, end }: Chunk): DocumentFault {
  const found = findTemplate(text.slice(start, end), fault.offset - start);
  if (found === undefined) return fault;
  const { at, mark, language, mend } = found;
  const message =
    `This looks like a template of ${language}: "${mark}" stands outside quotes. ${mend} and check the result.` +
    ` As YAML it cannot be read: ${fault.message}`;
  return new DocumentFault('yaml-template', message, start + at);
}
