/** A stretch of a file that holds one YAML document. Offsets count from the start of the file. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  /** Why kubectl would stop here, if it would. */
  readonly fault?: { readonly offset: number; readonly message: string };
}

/**
 * Splits as kubectl does: at every line that begins with `---`, even inside a block scalar or a quoted string.
 * Blank text before the first and after the last separator is no document.
 */
export function splitDocuments(text: string, from: number): Chunk[] {
  const chunks: Chunk[] = [];
  let start = from;
  let fault: Chunk['fault'];
  let at = from;
  const close = (end: number): void => {
    chunks.push({ start, end, ...(fault && { fault }) });
    fault = undefined;
  };
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const next = newline === -1 ? text.length : newline + 1;
    if (text.startsWith('---', at)) {
      const rest = text.slice(at + 3, next);
      const trimmed = rest.trim();
      // A byte order mark is white space for JavaScript and not for Go.
      const isSeparator = (trimmed === '' || trimmed.startsWith('#')) && !rest.includes('\ufeff');
      if (isSeparator || /^\s/.test(rest)) {
        // kubectl hands the separator to the YAML parser where no text stands before it: "---#" is text to that one.
        const isText = at === start && moreThanComment.test(rest);
        if (chunks.length > 0 || !isBlank(text.slice(start, at))) close(at);
        start = next;
        if (!isSeparator || isText) fault = { offset: at, message: contentAfterSeparator };
      } else fault ??= { offset: at, message: dashesInText };
    }
    at = next;
  }
  const hasMore = chunks.length === 0 || fault !== undefined || !isBlank(text.slice(start));
  if (hasMore) close(text.length);
  return chunks;
}

/** What ends a line to YAML, or nothing that a comment may begin behind or hold. */
const moreThanComment = /^[^ \t\n]|[^\t\n\u0020-\u007e\u00a0-\u2027\u202a-\uffff]/;

/** Tabs are for the parser to refuse. */
function isBlank(text: string): boolean {
  return !/[^ \n]/.test(text);
}

const contentAfterSeparator =
  'Kubernetes accepts nothing but a comment after the "---" that starts a document: write it on the next line.';
const dashesInText =
  'A line that begins with "---" separates documents: indent it below its key (a certificate in a block scalar, for instance) or write the separator alone.';
