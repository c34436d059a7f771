import type { Argument, Option } from 'commander';
import { z } from 'zod';
import { categoryNames } from '../../config/policy-shape.ts';
import { builtinProfiles } from '../../engine/profiles.ts';
import { readers } from '../../engine/rbac.ts';
import type { Policy } from '#sdk';
import { severities } from '../../engine/severities.ts';
import { auditFormats } from '../../report/audit/format-names.ts';
import { formats } from '../../report/format-names.ts';
import { shells } from '../completion/shells.ts';
import { failOnLevels } from '../fail-on.ts';
import { includable } from '../include.ts';
import { skeletons } from '../new-policy/skeletons.ts';

/** What values are made of. */
export interface Known {
  readonly policies: readonly Policy[];
  /** Beside those that ship with daygate. */
  readonly profiles: readonly string[];
}

interface Value {
  readonly text: string;
  readonly note?: string;
}

/** What may stand for a placeholder such as `<profile>`. */
export interface Placeholder {
  readonly files?: 'files' | 'folders';
  readonly values?: (known: Known) => readonly Value[];
  /** Several, separated by commas. */
  readonly isList?: true;
  /** The value goes on: no space after it. */
  readonly isBeginning?: true;
}

const free: Placeholder = {};
const files: Placeholder = { files: 'files' };
const oneOf = (texts: readonly string[]): Placeholder => ({ values: () => texts.map((text) => ({ text })) });
const ids = ({ policies }: Known): readonly Value[] =>
  policies.map(({ id, title }) => ({ text: id, note: title }));

const placeholders: Readonly<Record<string, Placeholder>> = {
  account: free,
  address: free,
  category: oneOf(categoryNames),
  command: free,
  configuration: free,
  context: free,
  count: free,
  date: free,
  days: free,
  duration: free,
  file: files,
  folder: { files: 'folders' },
  folders: { files: 'folders' },
  format: oneOf(['text', 'json']),
  'audit-format[=file]': { files: 'files', ...oneOf(auditFormats) },
  'format[=file]': { files: 'files', ...oneOf(formats) },
  host: free,
  id: { values: ids },
  'id.key=value': {
    values: ({ policies }) =>
      policies.flatMap(({ id, params }) =>
        Object.entries(z.toJSONSchema(params, { io: 'input' }).properties ?? {}).map(([key, property]) => ({
          text: `${id}.${key}=`,
          ...(typeof property === 'object' && property.description !== undefined
            ? { note: property.description }
            : {}),
        })),
      ),
    isBeginning: true,
  },
  ids: { values: ids, isList: true },
  level: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
  levels: { ...oneOf(failOnLevels), isList: true },
  minutes: free,
  'i/n': free,
  name: free,
  namespace: free,
  number: free,
  owner: free,
  path: files,
  paths: files,
  pattern: files,
  profile: {
    values: ({ profiles }) =>
      [...new Set([...Object.keys(builtinProfiles), ...profiles])].map((text) => ({ text })),
  },
  reader: oneOf(readers),
  ref: free,
  report: files,
  reports: files,
  secret: free,
  service: free,
  settings: { ...files, ...oneOf(['recorded']) },
  severity: oneOf(severities),
  share: free,
  shell: oneOf(shells),
  size: free,
  states: { ...oneOf(['expired', 'expiring', 'unused']), isList: true },
  reason: free,
  target: oneOf(Object.keys(skeletons)),
  url: free,
  version: free,
  what: oneOf(includable),
  words: free,
};

/** What an option takes; undefined for a switch. @throws Error for a placeholder nobody described */
export function placeholderOf(taker: Option | Argument): Placeholder | undefined {
  const name = 'flags' in taker ? /[<[](.+)[>\]]$/.exec(taker.flags)?.[1] : taker.name();
  if (name === undefined) return undefined;
  const known = placeholders[name];
  if (known === undefined) throw new Error(`nobody said what stands for <${name}>`);
  return known;
}
