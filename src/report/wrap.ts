/** Escape sequences of colours take no room. */
// eslint-disable-next-line no-control-regex -- escape sequences begin with a control character
const colours = /\u001b\[\d*m/g;

/** A text in lines that fit the columns, broken between words; in one line where nobody says how many there are. */
export function wrap(
  text: string,
  first: string,
  next: string,
  columns: number | undefined,
): readonly string[] {
  const whole = `${first}${text}`;
  // Too narrow to break in a way that reads better than the terminal's own.
  if (columns === undefined || columns < 60 || width(whole) <= columns) return [whole];
  const lines: string[] = [];
  let line = first;
  let isFresh = true;
  for (const word of text.split(' ')) {
    if (!isFresh && width(line) + 1 + width(word) > columns) {
      lines.push(line);
      line = next;
      isFresh = true;
    }
    line += isFresh ? word : ` ${word}`;
    isFresh = false;
  }
  return [...lines, line];
}

function width(text: string): number {
  return text.replace(colours, '').length;
}
