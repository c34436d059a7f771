import { CST, Lexer, Parser } from 'yaml';
import { checkProperty } from './check-source.ts';
import { maxDepth, syntaxFault, tooDeep } from './source-node.ts';
import { tabMessage } from './yaml-faults.ts';

/** Behind these a line, or an item on it, begins: go-yaml v2 wants spaces there, YAML 1.2 lets some tabs pass. */
const beginnings: ReadonlySet<string | null> = new Set([
  'doc-mode',
  'newline',
  'seq-item-ind',
  'explicit-key-ind',
]);

/** A colon that begins a line, behind a key marked with "?", is such a beginning as well. */
function isBeginningBehind(type: string | null, wasBeginning: boolean): boolean {
  return beginnings.has(type) || (type === 'map-value-ind' && wasBeginning);
}

/** A plain scalar takes the blank lines behind it along, and the tabs in them if they are indented deeper. */
function isTakenAlong(text: string, at: number, lexeme: string, plainAt: number | undefined): boolean {
  const end = text.charAt(at + lexeme.length);
  if (plainAt === undefined || (end !== '\n' && end !== '')) return false;
  const column = at + lexeme.indexOf('\t') - (text.lastIndexOf('\n', at - 1) + 1);
  const line = text.slice(text.lastIndexOf('\n', plainAt - 1) + 1, plainAt);
  return column > (/^[ -]*/.exec(line)?.[0].length ?? 0);
}

const properties: ReadonlySet<string | null> = new Set(['anchor', 'alias', 'tag']);
const quotes: ReadonlySet<string> = new Set(['"', "'"]);

/**
 * The tokens of a text, corrected where YAML 1.2 and go-yaml v2 disagree about tabs. Stops at a nesting that would
 * overflow the stack of whoever reads them.
 *
 * @param base offset of the text in its file
 */
export function* tokensOf(text: string, base: number): Generator<CST.Token> {
  const parser = new Parser();
  let flowLevel = 0;
  let before: string | null = null;
  let isBeginning = true;
  let plainAt: number | undefined;
  const lexer = new Lexer();
  const release = freeIndent(lexer);
  for (const lexeme of lexer.lex(text)) {
    release.undo();
    const type: string | null = before === 'scalar' ? 'text' : CST.tokenType(lexeme);
    const isTabbed = type === 'space' && lexeme.includes('\t');
    if (isTabbed && flowLevel === 0 && isBeginning && !isTakenAlong(text, parser.offset, lexeme, plainAt)) {
      throw syntaxFault(tabMessage, base + parser.offset);
    }
    flowLevel = nextLevel(flowLevel, type);
    if (properties.has(type))
      checkProperty(lexeme, text.charAt(parser.offset + lexeme.length), flowLevel > 0, base + parser.offset);
    // Inside brackets tabs are white space like any other.
    yield* parser.next(isTabbed && flowLevel > 0 ? lexeme.replaceAll('\t', ' ') : lexeme);
    if (parser.stack.length > maxDepth) throw tooDeep(base + parser.offset);
    if (type !== 'space') isBeginning = isBeginningBehind(type, isBeginning);
    if (type === 'text') plainAt = parser.offset - lexeme.length;
    else if (type !== 'space' && type !== 'newline') plainAt = undefined;
    before = type;
    const isBeforeQuote = quotes.has(text.charAt(parser.offset)) && type !== 'scalar';
    if (flowLevel > 0 || isBeforeQuote) release.apply();
  }
  yield* parser.end();
}

/**
 * YAML 1.2 wants the lines of a quoted string and of what stands in brackets to be indented; go-yaml v2 does not, and
 * the lexer has no option for it. Its field is private: test/cli/yaml shows whether it still works after an update.
 */
function freeIndent(lexer: Lexer): { apply(): void; undo(): void } {
  let kept: unknown;
  return {
    apply() {
      kept = Reflect.get(lexer, 'indentNext');
      Reflect.set(lexer, 'indentNext', 0);
    },
    undo() {
      if (kept !== undefined && Reflect.get(lexer, 'indentNext') === 0)
        Reflect.set(lexer, 'indentNext', kept);
      kept = undefined;
    },
  };
}

function nextLevel(level: number, type: string | null): number {
  switch (type) {
    case 'flow-map-start':
    case 'flow-seq-start':
      return level + 1;
    case 'flow-map-end':
    case 'flow-seq-end':
      return Math.max(level - 1, 0);
    case 'flow-error-end':
      return 0;
    case null:
    default:
      return level;
  }
}
