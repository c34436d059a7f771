import { detectCredential, isRecord, property, scanCommand, scanText, text, type JsonRecord } from '#sdk';
import type { Look, Said } from './stand-in.ts';
import { concealed, concealedText, detectNamed, type Walk } from './walk.ts';

/** Variables refer to each other, and a header is judged with its name. */
export function withValues(
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
      const own = header.length > 0 ? header : detectNamed(name, text);
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
export function commandWords(container: JsonRecord, pointer: string, walk: Walk): Words {
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

/** Of a probe or a lifecycle hook: a token may stand in its query. */
export function visitPath(path: string, pointer: string, walk: Walk): string {
  const urlOf = (text: string): string => `https://host${text.startsWith('/') ? '' : '/'}${text}`;
  return concealedText(path, pointer, (one) => scanText('url', urlOf(one)), walk);
}
