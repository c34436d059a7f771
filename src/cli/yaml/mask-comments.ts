import { redact } from '#sdk';
import { isSecretField } from '../../engine/secret-fields.ts';

const mask = '•••';

/** A field that was commented out, and where it stands: what is below it is further in. */
interface Field {
  readonly column: number;
  readonly isSecret: boolean;
}

/**
 * The comments of a text without what may be a secret in them, line by line; undefined for lines that are no comment. A
 * manifest that was commented out keeps its secrets in the same fields as one that was not, so its lines are read as
 * such; prose is shown, without what looks like a credential.
 */
export function maskComments(lines: readonly string[]): readonly (string | undefined)[] {
  const shown: (string | undefined)[] = [];
  let fields: readonly Field[] = [];
  let isInKey = false;
  for (const line of lines) {
    const sign = /^\s*#+/.exec(line)?.[0];
    if (sign === undefined) {
      shown.push(undefined);
      fields = [];
      isInKey = false;
      continue;
    }
    // No line of a key looks like one.
    isInKey ||= line.includes('-----BEGIN ');
    const { text, above } = maskLine(line, sign.length, fields);
    shown.push(isInKey ? `${sign} ${mask}` : text);
    fields = above;
    isInKey &&= !line.includes('-----END ');
  }
  return shown;
}

/** The same of a comment at the end of a line. */
export function maskComment(comment: string): string {
  const sign = /^\s*#+/.exec(comment)?.[0] ?? '';
  return maskLine(comment, sign.length, []).text;
}

const fieldPattern = /^((?:-\s+)*["']?([\w./-]+)["']?\s*:(?:\s|$))(.*)$/;

function maskLine(
  line: string,
  from: number,
  fields: readonly Field[],
): { readonly text: string; readonly above: readonly Field[] } {
  const content = line.slice(from).trimStart();
  const column = line.length - content.length;
  const before = line.slice(0, column);
  const [, start = '', name = '', value = ''] = fieldPattern.exec(content) ?? [];
  const isItem = /^-(?:\s|$)/.test(content);
  // Items stand below the key of their list, or in the same column.
  const above = fields.filter((field) => field.column < column || (isItem && field.column === column));
  const isBelowSecret = above.at(-1)?.isSecret === true;
  if (name === '') {
    const text = isBelowSecret && content !== '' ? `${before}${isItem ? '- ' : ''}${mask}` : redact(line);
    return { text: maskVariable(text), above };
  }
  const isSecret = isBelowSecret || name === 'value' || isSecretField(name);
  const nameColumn = column + start.indexOf(name);
  const isHidden = isSecret && value.trim() !== '' && !/^[|>][-+\d]*$/.test(value.trim());
  return {
    text: maskVariable(isHidden ? `${before}${start}${mask}` : redact(line)),
    above: [...above, { column: nameColumn, isSecret }],
  };
}

/** `{ name: DB_PASSWORD, value: … }`, on one line. */
function maskVariable(text: string): string {
  return text.replace(/([{,]\s*["']?value["']?\s*:\s*)[^\s•].*$/, `$1${mask}`);
}
