/**
 * Lines of UTF-8 text as their bytes arrive; one that has no end is a line, too.
 *
 * @throws RangeError where a line is longer than so many characters
 */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>, longest: number): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      yield parts.join('') + text.slice(from, end);
      from = end + 1;
      parts = [];
      length = 0;
    }
    if (from === text.length) continue;
    parts.push(text.slice(from));
    length += text.length - from;
    if (length > longest) throw new RangeError(`a line is longer than ${longest} characters`);
  }
  if (parts.length > 0) yield parts.join('');
}
