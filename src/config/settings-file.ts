import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import type { Policy } from '#sdk';
import { compileSettings, type Compiled, type CompileOptions } from '../engine/compile.ts';
import { printable } from '../engine/message.ts';
import { nearest } from '../engine/nearest.ts';
import type { SettingsProblem } from '../engine/profiles.ts';
import { settingsSchema, type Settings } from '../engine/settings.ts';
import { fileProblem, UserError } from '../errors.ts';

/** Where settings are looked for when nobody names a file. */
export const defaultSettingsFile = 'daygate.yaml';

/** Settings with what is needed to say where in their file a mistake is. */
export interface SettingsFile {
  /** Undefined where no file was named and none lies in the current folder. */
  readonly file: string | undefined;
  readonly settings: Settings;
  /** `daygate.yaml:3:5: …` for a mistake that shows later. */
  describe(problem: SettingsProblem): string;
}

/**
 * Reads and checks the settings.
 *
 * @throws UserError `settings` with all mistakes, one per line; `unreadable` or `not-found` for the file itself.
 */
export function readSettings(named: string | undefined): SettingsFile {
  const file = named ?? defaultSettingsFile;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (named === undefined && missing) return parseSettings('', undefined);
    throw new UserError(
      missing ? 'not-found' : 'unreadable',
      `settings ${file}: ${fileProblem(error)}`,
      file,
    );
  }
  return parseSettings(text, file);
}

/** Parses settings from text; `file` is only a name for messages. */
export function parseSettings(text: string, file: string | undefined): SettingsFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const name = file ?? 'settings';
  const place = (offset: number | undefined): string => {
    if (offset === undefined) return name;
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const describe = ({ path, message }: SettingsProblem): string => {
    const text = path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`;
    return `${place(offsetOf(document, path))}: ${printable(text, 600)}`;
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => `${place(error.pos[0])}: ${error.message}`);
    throw new UserError('settings', problems.join('\n'), file);
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 }) ?? {};
  const parsed = settingsSchema.safeParse(value);
  if (parsed.success) return { file, settings: parsed.data, describe };
  const problems = parsed.error.issues.flatMap((issue) => issueProblems(issue));
  throw new UserError('settings', problems.map(describe).join('\n'), file);
}

function offsetOf(document: Document, path: readonly (string | number)[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
    if (Array.isArray(range) && typeof range[0] === 'number') return range[0];
  }
  return undefined;
}

const topLevelKeys = Object.keys(settingsSchema.shape);

function issueProblems(issue: z.core.$ZodIssue): readonly SettingsProblem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const hint = path.length === 0 ? nearest(key, topLevelKeys) : '';
      return { path: [...path, key], message: `there is no such setting${hint}` };
    });
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.flatMap((inner) => issueProblems({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  if (issue.code === 'invalid_union') {
    // The last branch is the most detailed one: an object where a single word would do.
    const inner = issue.errors.at(-1) ?? [];
    const deeper = inner.filter(({ path: steps, code }) => steps.length > 0 || code === 'unrecognized_keys');
    if (deeper.length > 0) {
      return deeper.flatMap((one) => issueProblems({ ...one, path: [...issue.path, ...one.path] }));
    }
    if (issue.message !== 'Invalid input') return [{ path, message: issue.message }];
    const words = issue.errors.flatMap((branch) =>
      branch.flatMap((one) => (one.code === 'invalid_value' ? one.values : [])),
    );
    return [
      {
        path,
        message: `expected ${words.map(String).join(', ') || 'another value'}, or a table of settings`,
      },
    ];
  }
  return [{ path, message: issue.message }];
}

/**
 * Compiles settings for the policies at hand.
 *
 * @throws UserError `settings` with all mistakes, one per line.
 */
export function compileOrThrow(
  file: SettingsFile,
  policies: readonly Policy[],
  options: CompileOptions,
): Compiled {
  const { compiled, problems } = compileSettings(file.settings, policies, options);
  if (problems.length === 0) return compiled;
  throw new UserError(
    'settings',
    [...new Set(problems.map((problem) => file.describe(problem)))].join('\n'),
    file.file,
  );
}
