import {
  detectCredential,
  isRecord,
  property,
  redact,
  scanCommand,
  scanBytes,
  scanText,
  text,
  textInBase64,
  type JsonRecord,
} from '#sdk';
import {
  blank,
  conceal,
  emptied,
  madeUp,
  madeUpBase64,
  madeUpKey,
  type InTime,
  type Look,
  type Said,
} from './stand-in.ts';

/** JSON of which the credentials are taken out. */
export interface Redacted {
  readonly value: unknown;
  /** JSON Pointers (RFC 6901) of what was replaced, in the redacted value. */
  readonly replaced: readonly string[];
  /** Those of them of which policies may say something else than of the original. */
  readonly unlike: readonly string[];
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** A walk through one value. */
interface Walk {
  readonly replaced: string[];
  readonly unlike: string[];
  /** What was taken out: it may stand elsewhere, too. */
  readonly secrets: Set<string>;
  readonly inTime: InTime;
}

/**
 * A copy of an object in which no credential stands that daygate knows of: made-up ones of the same kind stand in.
 * The data of Secrets goes whole, and so do documents in ConfigMaps in which something was found. managedFields,
 * which repeat the names of all fields, are left out.
 *
 * @param inTime is asked again and again, and ends it by throwing
 * @throws RangeError where the object is nested too deeply
 */
export function redactObject(object: unknown, inTime: InTime): Redacted {
  const walk: Walk = { replaced: [], unlike: [], secrets: new Set(), inTime };
  const value = redactRoot(object, walk);
  return { value: withoutRepeats(value, walk), replaced: walk.replaced, unlike: walk.unlike };
}

function redactRoot(object: unknown, walk: Walk): unknown {
  if (!isRecord(object)) return visit(object, '', '', walk);
  const { kind } = object;
  const own = (key: string, value: unknown, pointer: string): unknown => {
    if (kind === 'Secret' && (key === 'data' || key === 'stringData'))
      return mapEntries(value, pointer, walk, (text, at) => secretValue(text, key, at, walk));
    if (kind === 'ConfigMap' && (key === 'data' || key === 'binaryData'))
      return mapEntries(value, pointer, walk, (text, at, name) => configValue(name, text, key, at, walk));
    return visit(value, key, pointer, walk);
  };
  return mapRecord(object, '', walk, own);
}

/** Whether there is a value, and whether it is a template, is all that policies ask of it. */
function secretValue(value: unknown, field: string, pointer: string, walk: Walk): unknown {
  if (value === '' || value === null) return value;
  walk.replaced.push(pointer);
  if (typeof value !== 'string') {
    walk.unlike.push(pointer);
    return blank;
  }
  walk.secrets.add(value);
  const text = field === 'data' ? textInBase64(value) : undefined;
  if (text !== undefined) walk.secrets.add(text);
  if (/^(?:ENC\[|<[^>]{1,80}>$|\$\{?\w|\{\{)/.test(value)) return '{{ redacted }}';
  return field === 'data' ? madeUpBase64 : madeUp;
}

function configValue(name: string, value: unknown, field: string, pointer: string, walk: Walk): unknown {
  if (typeof value !== 'string') return visit(value, name, pointer, walk);
  const text = field === 'binaryData' ? textInBase64(value) : value;
  if (text === undefined) {
    if (scanBytes(value).length === 0) return bytes(pointer, walk);
    walk.secrets.add(value);
    walk.replaced.push(pointer);
    return madeUpKey;
  }
  const found = scanText(name, text);
  if (found.length > 0 && text.includes('\n')) {
    for (const { secret } of found) walk.secrets.add(secret());
    const { text: clean, isAlike } = emptied(
      text,
      found,
      (document) => scanText(name, document),
      walk.inTime,
    );
    walk.replaced.push(pointer);
    if (!isAlike) walk.unlike.push(pointer);
    return field === 'binaryData' ? inBase64(clean) : clean;
  }
  const [after = blank] = concealed([text], [pointer], named(name), walk);
  if (field === 'data') return after;
  return after === text ? bytes(pointer, walk) : inBase64(after);
}

/** Bytes say nothing to policies; a keystore is some, too. */
function bytes(pointer: string, walk: Walk): string {
  walk.replaced.push(pointer);
  return inBase64('redacted');
}

/** Conceals texts that belong together, and remembers what was done. */
function concealed(
  texts: readonly string[],
  pointers: readonly string[],
  look: Look,
  walk: Walk,
): readonly string[] {
  const { texts: after, changed, unlike, secrets } = conceal(texts, look, walk.inTime);
  for (const index of changed) walk.replaced.push(pointers[index] ?? '');
  for (const index of unlike) walk.unlike.push(pointers[index] ?? '');
  for (const secret of secrets) walk.secrets.add(secret);
  return after;
}

/** A value under a name, as it is judged in variables, annotations and anywhere else. */
function detectNamed(name: string, value: string): readonly Omit<Said, 'index'>[] {
  const whole = detectCredential({ name, value });
  return [...(whole === undefined ? [] : [whole]), ...scanText(name, value)];
}

function named(name: string): Look {
  return ([text = '']) => detectNamed(name, text).map((said) => ({ index: 0, ...said }));
}

function visit(value: unknown, key: string, pointer: string, walk: Walk): unknown {
  if (typeof value === 'string') return visitText(value, key, pointer, walk);
  if (typeof value === 'number') {
    // A password of digits, without its quotes.
    return detectCredential({ name: key, value: String(value) }) === undefined
      ? value
      : visitText(String(value), key, pointer, walk);
  }
  if (Array.isArray(value)) return visitList(value, key, pointer, walk);
  if (!isRecord(value)) return value;
  const { name } = value;
  const words = commandWords(value, pointer, walk);
  return mapRecord(value, pointer, walk, (field, inner, at) => {
    const clean = field === 'command' || field === 'args' ? words[field] : undefined;
    if (clean !== undefined) return clean;
    if (field === 'value' && typeof inner === 'string' && typeof name === 'string') {
      // Of a header; variables come as a list.
      return visitText(inner, name, at, walk);
    }
    if (field === 'path' && key === 'httpGet' && typeof inner === 'string') return visitPath(inner, at, walk);
    return visit(inner, field, at, walk);
  });
}

function visitText(text: string, key: string, pointer: string, walk: Walk): string {
  if (key === lastApplied) return visitLastApplied(text, pointer, walk);
  // Charts keep the hash of a Secret there, so that pods restart with it.
  if (key.startsWith('checksum/') && /^[\da-f]{32,128}$/i.test(text)) return text;
  // The part before the slash of an annotation is a domain and says nothing about the value.
  const name = key.slice(key.lastIndexOf('/') + 1);
  const [after = blank] = concealed([text], [pointer], named(name), walk);
  return after;
}

/** The copy that `kubectl apply` keeps of the object. */
function visitLastApplied(text: string, pointer: string, walk: Walk): string {
  walk.replaced.push(pointer);
  let copy: unknown;
  try {
    copy = JSON.parse(text);
  } catch {
    walk.unlike.push(pointer);
    return blank;
  }
  const inner: Walk = { ...walk, replaced: [], unlike: [] };
  return JSON.stringify(redactRoot(copy, inner));
}

function visitPath(path: string, pointer: string, walk: Walk): string {
  const look: Look = ([text = '']) =>
    scanText('url', `https://host${text.startsWith('/') ? '' : '/'}${text}`).map((said) => ({
      index: 0,
      ...said,
    }));
  const [after = blank] = concealed([path], [pointer], look, walk);
  return after;
}

function visitList(list: readonly unknown[], key: string, pointer: string, walk: Walk): unknown {
  const values = key === 'env' || key === 'httpHeaders' ? withValues(list, key, pointer, walk) : list;
  return values.map((item, index) => {
    const at = `${pointer}/${index}`;
    // Their values are done.
    if (values !== list && isRecord(item) && typeof item['value'] === 'string') {
      const { value, ...rest } = item;
      return { ...(visit(rest, key, at, walk) as JsonRecord), value };
    }
    return visit(item, key, at, walk);
  });
}

/** Variables refer to each other, and a header is judged with its name. */
function withValues(
  list: readonly unknown[],
  field: string,
  pointer: string,
  walk: Walk,
): readonly unknown[] {
  const textOf = (item: unknown): string => text(property(item, 'value')) ?? '';
  const nameOf = (item: unknown): string => text(property(item, 'name')) ?? '';
  const look: Look = (texts) =>
    texts.flatMap((text, index) => {
      const name = nameOf(list[index]);
      const header = field === 'env' ? [] : scanText('header', `${name}: ${text}`);
      const own = [...header, ...detectNamed(name, text)];
      return (own.length > 0 ? own : composed(list, texts, index)).map((said) => ({ index, ...said }));
    });
  const pointers = list.map((_, index) => `${pointer}/${index}/value`);
  const after = concealed(list.map(textOf), pointers, look, walk);
  return list.map((item, index) =>
    isRecord(item) && typeof item['value'] === 'string' ? { ...item, value: after[index] } : item,
  );
}

/** What the kubelet puts together of several variables. */
function composed(
  list: readonly unknown[],
  texts: readonly string[],
  index: number,
): readonly Omit<Said, 'index'>[] {
  const value = texts[index] ?? '';
  if (!value.includes('$(')) return [];
  const resolve = (variable: string): string | undefined => {
    const at = list.slice(0, index).findLastIndex((item) => property(item, 'name') === variable);
    return texts[at];
  };
  const found = detectCredential({ name: text(property(list[index], 'name')) ?? '', value, resolve });
  return found === undefined ? [] : [found];
}

const commandLook: Look = (words) =>
  scanCommand(words).map(({ word, ...said }) => ({ index: word, ...said }));

interface Words {
  readonly command?: readonly string[];
  readonly args?: readonly string[];
}

/** The words of command and args are one command line. */
function commandWords(container: JsonRecord, pointer: string, walk: Walk): Words {
  const wordsOf = (field: string): readonly string[] => {
    const list = container[field];
    return Array.isArray(list) && list.every((word) => typeof word === 'string') ? list : [];
  };
  const [command, args] = [wordsOf('command'), wordsOf('args')];
  if (command.length + args.length === 0) return {};
  const pointers = [
    ...command.map((_, index) => `${pointer}/command/${index}`),
    ...args.map((_, index) => `${pointer}/args/${index}`),
  ];
  const after = concealed([...command, ...args], pointers, commandLook, walk);
  return {
    ...(command.length === 0 ? {} : { command: after.slice(0, command.length) }),
    ...(args.length === 0 ? {} : { args: after.slice(command.length) }),
  };
}

type Change = (key: string, value: unknown, pointer: string) => unknown;

/** Every field of an object, with keys that are credentials themselves replaced. */
function mapRecord(record: JsonRecord, pointer: string, walk: Walk, change: Change): JsonRecord {
  const entries: [string, unknown][] = [];
  for (const [key, value] of Object.entries(record)) {
    if (key === 'managedFields') continue;
    const clean = redact(key) === key ? key : `redacted-${entries.length}`;
    const at = `${pointer}/${clean.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (clean !== key) {
      walk.replaced.push(at);
      walk.unlike.push(at);
      walk.secrets.add(key);
    }
    entries.push([clean, change(key, value, at)]);
  }
  return Object.fromEntries(entries);
}

function mapEntries(
  value: unknown,
  pointer: string,
  walk: Walk,
  change: (value: unknown, pointer: string, key: string) => unknown,
): unknown {
  if (!isRecord(value)) return value === null || value === undefined ? value : change(value, pointer, '');
  return mapRecord(value, pointer, walk, (key, inner, at) => change(inner, at, key));
}

/** What looks made by a machine. A password that is a word cannot be told from the word where it stands elsewhere. */
function isUnmistakable(secret: string): boolean {
  return secret.length >= 8 && /\d/.test(secret) && /[a-z]/i.test(secret);
}

/** Takes out what was found in one place wherever else it stands. */
function withoutRepeats(value: unknown, { secrets, inTime }: Walk): unknown {
  const unmistakable = [...secrets].filter(isUnmistakable).sort((a, b) => b.length - a.length);
  if (unmistakable.length === 0) return value;
  const clean = (text: string): string => {
    inTime();
    return unmistakable.reduce(
      (rest, secret) => (rest.includes(secret) ? rest.replaceAll(secret, madeUp) : rest),
      text,
    );
  };
  const visitAll = (inner: unknown): unknown => {
    if (typeof inner === 'string') return clean(inner);
    if (Array.isArray(inner)) return inner.map(visitAll);
    if (!isRecord(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, one]) => [clean(key), visitAll(one)]));
  };
  return visitAll(value);
}

function inBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}
