import type { Release } from './read-release.ts';
import { rowsOf } from './table-file.ts';

type Fields = Readonly<Record<string, string>>;

/**
 * The fields of all kinds that one of the releases serves. A type is a map from field to what it takes: a scalar,
 * the name of another type, `[]` and `{}` before it for lists and maps. `@35` after it means from 1.35 on, `@-34` up
 * to 1.34. Types with the same fields are one: most of v1beta1 is that of v1.
 */
export function fieldsFile(releases: readonly Release[], gone: string): string {
  const minors = releases.map(({ minor }) => minor);
  const types = merge(releases);
  const kinds = new Map<string, string>();
  for (const [key, row] of rowsOf(releases, gone)) {
    const having = releases.filter(({ minor, kinds: known }) => {
      const isServed = row.introduced <= minor && (row.removed === 0 || minor < row.removed);
      return isServed && known.some(({ apiVersion, kind }) => `${apiVersion}/${kind}` === key);
    });
    const type = having[0]?.kinds.find(({ apiVersion, kind }) => `${apiVersion}/${kind}` === key)?.type;
    if (type !== undefined)
      kinds.set(
        key,
        shortName(type) +
          marks(
            having.map(({ minor }) => minor),
            minors,
          ),
      );
  }
  const used = reachable([...kinds.values()].map(baseOf), types);
  const same = deduplicate(new Map([...types].filter(([name]) => used.has(name))));
  const represented = (value: string): string =>
    value.replace(/[^\][{}@]+/, (name) => same.get(name) ?? name);
  const kept = new Set([...kinds.values()].map(represented).map(baseOf));
  const final = new Map(
    [...types].map(([name, fields]) => [
      name,
      Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, represented(value)])),
    ]),
  );
  const lines = (record: readonly (readonly [string, unknown])[]): string =>
    record.map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(',\n');
  const sorted = [...reachable([...kept], final)].sort().map((name) => [name, final.get(name)] as const);
  return [
    '{',
    `  "minors": ${JSON.stringify(minors)},`,
    '  "kinds": {',
    lines([...kinds].map(([key, type]) => [key, represented(type)])),
    '  },',
    '  "types": {',
    lines(sorted),
    '  }',
    '}\n',
  ].join('\n');
}

/** `k8s.io/api/core/v1.Container` → `core/v1.Container`. */
function shortName(type: string): string {
  return type.replace(/^.*\/([^/]+\/[^/]+)$/, '$1');
}

function shortType(value: string): string {
  const [, prefix = '', name = ''] = /^((?:\[\]|\{\})*)(.*)$/.exec(value) ?? [];
  return prefix + (name.includes('/') ? shortName(name) : name);
}

function baseOf(value: string): string {
  return value.replace(/^(?:\[\]|\{\})+/, '').replace(/@.*$/, '');
}

/** What says in which of all minor versions something is there; nothing where it is in all of them. */
function marks(having: readonly number[], all: readonly number[]): string {
  const [first, last] = [having[0], having.at(-1)];
  const since = first === all[0] ? '' : String(first);
  const until = last === all.at(-1) ? '' : `-${String(last)}`;
  return since + until === '' ? '' : `@${since}${until}`;
}

function merge(releases: readonly Release[]): ReadonlyMap<string, Fields> {
  const minors = releases.map(({ minor }) => minor);
  const names = new Set(releases.flatMap(({ types }) => Object.keys(types)));
  const merged = new Map<string, Fields>();
  for (const name of names) {
    // A type that a release does not have is never asked for there.
    const having = releases.filter(({ types }) => types[name] !== undefined);
    const fields: Record<string, string> = {};
    for (const field of [...new Set(having.flatMap(({ types }) => Object.keys(types[name] ?? {})))].sort()) {
      const values = having.flatMap(({ minor, types }) => {
        const value = types[name]?.[field];
        return value === undefined ? [] : [{ minor, value }];
      });
      if (new Set(values.map(({ value }) => value)).size > 1)
        throw new Error(`${name}.${field} changes its type`);
      const present = values.map(({ minor }) => minor);
      const isAlways = present.length === having.length;
      fields[field] = shortType(values[0]?.value ?? '') + (isAlways ? '' : marks(present, minors));
    }
    if (merged.has(shortName(name))) throw new Error(`two types are called ${shortName(name)}`);
    merged.set(shortName(name), fields);
  }
  return merged;
}

function reachable(roots: readonly string[], types: ReadonlyMap<string, Fields>): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [...roots];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const fields = types.get(name);
    if (fields === undefined || found.has(name)) continue;
    found.add(name);
    pending.push(...Object.values(fields).map(baseOf));
  }
  return found;
}

/** Which type stands for which: those whose fields are the same once equal types have one name. */
function deduplicate(types: ReadonlyMap<string, Fields>): ReadonlyMap<string, string> {
  const names = [...types.keys()].sort(byVersion);
  const standIn = new Map(names.map((name) => [name, name]));
  for (let changed = true; changed;) {
    changed = false;
    const byContent = new Map<string, string>();
    for (const name of names) {
      const content = JSON.stringify(
        Object.entries(types.get(name) ?? {}).map(([field, value]) => [
          field,
          value.replace(/[^\][{}@]+/, (type) => standIn.get(type) ?? type),
        ]),
      );
      const first = byContent.get(content) ?? name;
      byContent.set(content, first);
      if (standIn.get(name) !== first) [changed] = [true, standIn.set(name, first)];
    }
  }
  return standIn;
}

/** Stable versions first, so that their names stay. */
function byVersion(a: string, b: string): number {
  const isBeta = (name: string): boolean => /v\d+(?:alpha|beta)/.test(name);
  return Number(isBeta(a)) - Number(isBeta(b)) || (a < b ? -1 : 1);
}
