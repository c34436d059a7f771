/** What a label says: null where there is none, undefined where nobody knows. */
export type Lookup = (key: string) => string | null | undefined;
/** Whether something is selected, undefined where that hangs on labels that nobody knows. */
export type CalicoSelector = (lookup: Lookup) => boolean | undefined;

interface Token {
  readonly is: 'all' | 'global' | 'has' | 'sign' | 'text' | 'word';
  readonly value: string;
}

/** What is still to be read. */
interface Rest {
  readonly tokens: readonly Token[];
  position: number;
}

/** Nobody nests deeper. */
const mostNested = 50;

/**
 * Reads a selector of Calico, such as `app == "web" && tier in {"front", "back"}`; undefined where it is none.
 *
 * Source: https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#selectors
 */
export function parseCalicoSelector(expression: string): CalicoSelector | undefined {
  const tokens = tokensOf(expression);
  if (tokens === undefined) return undefined;
  if (tokens.length === 0) return () => true;
  const rest: Rest = { tokens, position: 0 };
  const selector = readAny(rest, 0);
  return rest.position === tokens.length ? selector : undefined;
}

function tokensOf(expression: string): readonly Token[] | undefined {
  const pattern =
    /(?<all>all\s*\(\s*\))|(?<global>global\s*\(\s*\))|has\s*\(\s*(?<has>[\w./-]+)\s*\)|(?<sign>&&|\|\||==|!=|[!(){},])|"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<word>[\w./-]+)|(?<space>\s+)/y;
  const tokens: Token[] = [];
  while (pattern.lastIndex < expression.length) {
    const groups = pattern.exec(expression)?.groups;
    if (groups === undefined) return undefined;
    const { all, global, has, sign, double, single, word } = groups;
    const quoted = double ?? single;
    if (all !== undefined) tokens.push({ is: 'all', value: all });
    else if (global !== undefined) tokens.push({ is: 'global', value: global });
    else if (has !== undefined) tokens.push({ is: 'has', value: has });
    else if (sign !== undefined) tokens.push({ is: 'sign', value: sign });
    else if (quoted !== undefined) tokens.push({ is: 'text', value: quoted });
    else if (word !== undefined) tokens.push({ is: 'word', value: word });
  }
  return tokens;
}

/** The value of the next token where it is of that kind and, where one is given, of that value. */
function take(rest: Rest, is: Token['is'], value?: string): string | undefined {
  const token = rest.tokens[rest.position];
  if (token?.is !== is || (value !== undefined && token.value !== value)) return undefined;
  rest.position++;
  return token.value;
}

function readAny(rest: Rest, depth: number): CalicoSelector | undefined {
  return readJoined(rest, '||', true, () => readJoined(rest, '&&', false, () => readOne(rest, depth)));
}

/** Parts joined by a sign; a part that gives `decisive` decides alone, and one that is not known leaves it open. */
function readJoined(
  rest: Rest,
  sign: string,
  decisive: boolean,
  readPart: () => CalicoSelector | undefined,
): CalicoSelector | undefined {
  const parts: CalicoSelector[] = [];
  do {
    const part = readPart();
    if (part === undefined) return undefined;
    parts.push(part);
  } while (take(rest, 'sign', sign) !== undefined);
  return (lookup) => {
    let result: boolean | undefined = !decisive;
    for (const part of parts) {
      const one = part(lookup);
      if (one === decisive) return decisive;
      if (one === undefined) result = undefined;
    }
    return result;
  };
}

function readOne(rest: Rest, depth: number): CalicoSelector | undefined {
  if (depth > mostNested) return undefined;
  if (take(rest, 'sign', '!') !== undefined) return not(readOne(rest, depth + 1));
  if (take(rest, 'sign', '(') !== undefined) {
    const inner = readAny(rest, depth + 1);
    return take(rest, 'sign', ')') === undefined ? undefined : inner;
  }
  if (take(rest, 'all') !== undefined) return () => true;
  // What belongs to no namespace, which no pod is.
  if (take(rest, 'global') !== undefined) return () => false;
  const present = take(rest, 'has');
  if (present !== undefined) return (lookup) => known(lookup(present), (value) => value !== null);
  const label = take(rest, 'word');
  return label === undefined ? undefined : readComparison(rest, label);
}

function readComparison(rest: Rest, label: string): CalicoSelector | undefined {
  const compare = (wanted: (value: string) => boolean): CalicoSelector => {
    return (lookup) => known(lookup(label), (value) => value !== null && wanted(value));
  };
  if (take(rest, 'sign', '==') !== undefined)
    return withText(rest, (text) => compare((value) => value === text));
  if (take(rest, 'sign', '!=') !== undefined)
    return withText(rest, (text) => not(compare((value) => value === text)));
  if (take(rest, 'word', 'in') !== undefined)
    return withTexts(rest, (texts) => compare((value) => texts.has(value)));
  if (take(rest, 'word', 'contains') !== undefined)
    return withText(rest, (text) => compare((value) => value.includes(text)));
  if (take(rest, 'word', 'not') !== undefined)
    return take(rest, 'word', 'in') === undefined
      ? undefined
      : withTexts(rest, (texts) => not(compare((value) => texts.has(value))));
  const end = take(rest, 'word', 'starts') ?? take(rest, 'word', 'ends');
  if (end === undefined || take(rest, 'word', 'with') === undefined) return undefined;
  return withText(rest, (text) =>
    compare((value) => (end === 'starts' ? value.startsWith(text) : value.endsWith(text))),
  );
}

function withText(
  rest: Rest,
  make: (text: string) => CalicoSelector | undefined,
): CalicoSelector | undefined {
  const text = take(rest, 'text');
  return text === undefined ? undefined : make(text);
}

function withTexts(
  rest: Rest,
  make: (texts: ReadonlySet<string>) => CalicoSelector | undefined,
): CalicoSelector | undefined {
  if (take(rest, 'sign', '{') === undefined) return undefined;
  const texts = new Set<string>();
  for (let text = take(rest, 'text'); text !== undefined; text = take(rest, 'text')) {
    texts.add(text);
    if (take(rest, 'sign', ',') === undefined) break;
  }
  return take(rest, 'sign', '}') === undefined ? undefined : make(texts);
}

function known(
  value: string | null | undefined,
  judge: (value: string | null) => boolean,
): boolean | undefined {
  return value === undefined ? undefined : judge(value);
}

function not(selector: CalicoSelector | undefined): CalicoSelector | undefined {
  if (selector === undefined) return undefined;
  return (lookup) => {
    const result = selector(lookup);
    return result === undefined ? undefined : !result;
  };
}
