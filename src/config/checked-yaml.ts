import { isAlias, isMap, isNode, isPair, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { z } from 'zod';
import { issueText } from '../engine/issue-text.ts';
import { printable } from '../engine/message.ts';
import { nearest } from '../engine/nearest.ts';
import type { SettingsProblem } from '../engine/profiles.ts';
import { messageOf } from '../errors.ts';
import { problemText } from './problem-text.ts';

/** Where the parts of a YAML file are, for messages about it. */
export interface YamlPlaces {
  /** `daygate.yaml:3:5`, or of the nearest parent that there is; the name alone where the file is empty. */
  readonly place: (path: SettingsProblem['path'], at?: 'key' | 'value') => string;
  /** `daygate.yaml:3:5: profiles.team.extends: there is no profile …`. */
  readonly describe: (problem: SettingsProblem) => string;
  /** Whether somebody wrote it, so that it is no default. */
  readonly isWritten: (path: SettingsProblem['path']) => boolean;
}

export interface CheckedYaml<T> extends YamlPlaces {
  /** Undefined where there are problems. */
  readonly value: T | undefined;
  /** All mistakes, in the order of the file, each with its place. */
  readonly problems: readonly string[];
}

/** Holds a YAML text against a schema; `name` is what messages call it. An empty text is an empty table. */
export function checkYaml<S extends z.ZodType>(
  text: string,
  name: string,
  schema: S,
): CheckedYaml<z.output<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const placeAt = (offset: number | undefined): string => {
    if (offset === undefined) return name;
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const place: YamlPlaces['place'] = (path, at = 'value') => placeAt(offsetOf(document, path, at));
  const describe = (problem: SettingsProblem): string =>
    `${place(problem.path, problem.at)}: ${problemText(problem)}`;
  const isWritten: YamlPlaces['isWritten'] = (path) => document.hasIn(path);
  const failed = (problems: readonly string[]): CheckedYaml<z.output<S>> => {
    return { value: undefined, problems, place, describe, isWritten };
  };
  if (document.errors.length > 0) {
    return failed(
      document.errors.map(({ code, pos, message }) => {
        const said = code === 'MULTIPLE_DOCS' ? secondDocument : message;
        return `${placeAt(pos[0])}: ${printable(said, 600)}`;
      }),
    );
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (error) {
    return failed([`${name}: ${printable(messageOf(error), 600)}`]);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data, problems: [], place, describe, isWritten };
  const problems = parsed.error.issues
    .flatMap((issue) => problemsOf(issue, schema, value))
    .map((problem) => ({
      text: describe(problem),
      offset: offsetOf(document, problem.path, problem.at) ?? 0,
    }))
    .sort((a, b) => a.offset - b.offset)
    .map(({ text: said }) => said);
  return failed([...new Set(problems)]);
}

const secondDocument =
  'a second document begins here, and only one is read: take the --- out, or split the file';

function offsetOf(
  document: Document,
  path: SettingsProblem['path'],
  at: SettingsProblem['at'],
): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const step = path[length - 1];
    const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    if (at === 'key' && length === path.length) {
      const map = isAlias(parent) ? parent.resolve(document) : parent;
      const pair = isMap(map)
        ? map.items.find(({ key }) => isNode(key) && 'value' in key && key.value === step)
        : undefined;
      if (isPair(pair) && isNode(pair.key)) return startOf(pair.key);
    }
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return startOf(node);
  }
  return isNode(document.contents) ? startOf(document.contents) : undefined;
}

function startOf({ range }: Node): number | undefined {
  return range?.[0];
}

/** What an issue says, in words for whoever wrote the file: with the name that was probably meant. */
function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown): readonly SettingsProblem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    const where = known.includes('params') ? ': a parameter of the policy stands in params' : '';
    const list = known.length > 0 ? ` (known: ${known.join(', ')})${where}` : '';
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `there is no such setting${nearest(key, known) || list}`,
      at: 'key',
    }));
  }
  if (issue.code === 'invalid_union') return unionProblems(issue, schema, value);
  if (issue.code === 'invalid_key') {
    const [first] = issue.issues;
    return [{ path, message: first === undefined ? issue.message : issueText(first), at: 'key' }];
  }
  const written = valueAt(value, path);
  const missing = /^invalid_(?:type|value)$/.test(issue.code) && written === undefined ? 'is missing: ' : '';
  const hint = issue.code === 'invalid_value' ? meant(written, issue.values) : '';
  return [{ path, message: `${missing}${issueText(issue)}${hint}` }];
}

function unionProblems(
  issue: z.core.$ZodIssueInvalidUnion,
  schema: z.ZodType,
  value: unknown,
): readonly SettingsProblem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  // The last branch is the most detailed one: an object where a single word would do.
  const inner = issue.errors.at(-1) ?? [];
  const deeper = inner.filter(({ path: steps, code }) => steps.length > 0 || code === 'unrecognized_keys');
  if (deeper.length > 0) {
    return deeper.flatMap((one) => problemsOf({ ...one, path: [...issue.path, ...one.path] }, schema, value));
  }
  if (issue.message !== 'Invalid input') return [{ path, message: issue.message }];
  const known = issue.errors.flatMap((branch) =>
    branch.flatMap((one) => (one.code === 'invalid_value' ? one.values.map(String) : [])),
  );
  const expected = `expected ${known.join(', ') || 'another value'}, or a table of settings`;
  return [{ path, message: `${expected}${meant(valueAt(value, path), known)}` }];
}

function meant(written: unknown, known: readonly unknown[]): string {
  return typeof written === 'string' ? nearest(written, known.map(String)) : '';
}

function valueAt(value: unknown, path: SettingsProblem['path']): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );
}

/** The keys that a schema knows at a place. */
function keysAt(schema: z.core.$ZodType, path: SettingsProblem['path']): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return keysAt(schema.unwrap(), path);
  }
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => keysAt(option, path));
  const [step, ...rest] = path;
  if (schema instanceof z.ZodObject) {
    if (step === undefined) return Object.keys(schema.shape);
    const next: unknown = schema.shape[step];
    return next instanceof z.ZodType ? keysAt(next, rest) : [];
  }
  if (step === undefined) return [];
  if (schema instanceof z.ZodRecord) return keysAt(schema.valueType, rest);
  return schema instanceof z.ZodArray ? keysAt(schema.element, rest) : [];
}
