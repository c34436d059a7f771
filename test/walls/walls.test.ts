import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compilePure, cruise, lint, overlay, repository } from './overlay.ts';

/** A file that breaks the rule, by the rule of .dependency-cruiser.json. */
const imports: Readonly<Record<string, readonly (readonly [file: string, content: string])[]>> = {
  'no-cycle': [
    ['src/cli/planted-egg.ts', `export { hen as egg } from './planted-hen.ts';`],
    [
      'src/cli/planted-chick.ts',
      `import type { Nest } from './planted-nest.ts';\nexport type Chick = Nest[];`,
    ],
  ],
  'sdk-imports-only-zod': [
    [
      'src/sdk/planted-engine.ts',
      `import type { Review } from '../engine/review.ts';\nexport type Planted = Review;`,
    ],
    ['src/sdk/planted-node.ts', `export { readFileSync } from 'node:fs';`],
    ['src/sdk/planted-yaml.ts', `export { parse } from 'yaml';`],
  ],
  'engine-is-pure': [
    ['src/engine/planted-node.ts', `export { hostname } from 'node:os';`],
    ['src/engine/planted-report.ts', `export * from '../report/report.ts';`],
    ['src/engine/planted-log.ts', `export * from '../log/log.ts';`],
    ['src/engine/planted-policy.ts', `export { policies } from '../../policies/index.ts';`],
  ],
  'report-is-pure': [
    ['src/report/planted-node.ts', `export { writeFileSync } from 'node:fs';`],
    ['src/report/planted-cli.ts', `export * from '../cli/io.ts';`],
  ],
  'facts-are-pure': [['src/facts/planted-node.ts', `export { hostname } from 'node:os';`]],
  'server-stands-alone': [
    ['src/server/planted-cli.ts', `export * from '../cli/io.ts';`],
    ['src/server/planted-cluster.ts', `export * from '../cluster/planted.ts';`],
    ['src/server/planted-certs.ts', `export * from '../certs/plan.ts';`],
    ['src/server/planted-facts.ts', `export * from '../live-facts/take-turns.ts';`],
  ],
  'cli-stands-alone': [['src/cli/planted-server.ts', `export * from '../server/limits.ts';`]],
  'audit-is-a-command': [
    ['src/cli/planted-audit.ts', `export const audit = () => import('../audit/shard.ts');`],
  ],
  'audit-stands-alone': [
    ['src/audit/planted-server.ts', `export * from '../server/limits.ts';`],
    ['src/audit/planted-check.ts', `export * from '../cli/check.ts';`],
  ],
  'record-knows-no-front-end': [
    ['src/record/planted-server.ts', `export * from '../server/limits.ts';`],
    ['src/record/planted-cli.ts', `export * from '../cli/io.ts';`],
  ],
  'replay-reads-what-the-server-reads': [
    ['src/replay/planted-server.ts', `export * from '../server/limits.ts';`],
    ['src/replay/planted-check.ts', `export * from '../cli/check.ts';`],
  ],
  'merge-reads-reports': [
    ['src/merge/planted-replay.ts', `export * from '../replay/compare.ts';`],
    ['src/merge/planted-check.ts', `export * from '../cli/check.ts';`],
  ],
  'rollout-reads-and-replays': [
    ['src/rollout/planted-server.ts', `export * from '../server/limits.ts';`],
    ['src/rollout/planted-check.ts', `export * from '../cli/check.ts';`],
  ],
  'policy-test-knows-no-front-end': [
    ['src/policy-test/planted-check.ts', `export * from '../cli/check.ts';`],
    ['src/policy-test/planted-server.ts', `export * from '../server/limits.ts';`],
  ],
  'cluster-only-where-needed': [['src/cli/planted-cluster.ts', `export * from '../cluster/planted.ts';`]],
  'cluster-commands-are-loaded-late': [
    ['src/cli/planted-certs.ts', `export { planStep } from '../certs/plan.ts';`],
    ['src/planted-facts.ts', `export { openLiveFacts } from './live-facts/live-facts.ts';`],
  ],
  'live-facts-know-no-front-end': [
    ['src/live-facts/planted-server.ts', `export * from '../server/limits.ts';`],
    ['src/live-facts/planted-cli.ts', `export * from '../cli/io.ts';`],
  ],
  'client-node-only-in-cluster': [
    ['src/cli/planted-client.ts', `export { KubeConfig } from '@kubernetes/client-node';`],
    ['src/engine/planted-client.ts', `export type { V1Pod } from '@kubernetes/client-node';`],
  ],
  'policies-import-only-the-sdk': [
    ['policies/network/planted-node/policy.ts', `export { readFileSync } from 'node:fs';`],
    ['policies/network/planted-engine/policy.ts', `export * from '../../../src/engine/judge.ts';`],
    ['policies/network/planted-inside/policy.ts', `export * from '../../../src/sdk/quantity-parse.ts';`],
    ['policies/network/planted-neighbour/policy.ts', `export * from '../planted-node/policy.ts';`],
    ['policies/network/planted-package/policy.ts', `export { parse } from 'yaml';`],
  ],
  'policies-come-from-main': [
    ['src/config/planted-policies.ts', `export { policies } from '../../policies/index.ts';`],
    ['src/server/planted-policies.ts', `export { policies } from '../../policies/index.ts';`],
  ],
  'foundations-know-no-front-end': [['src/log/planted-cli.ts', `export * from '../cli/io.ts';`]],
  'product-needs-no-tests': [['src/cli/planted-script.ts', `export * from '../../scripts/planted.ts';`]],
  'nobody-imports-main': [['src/config/planted-main.ts', `import '../main.ts';`]],
};

/** Files that are there to be imported. */
const bystanders = {
  'src/cli/planted-hen.ts': `export { egg as hen } from './planted-egg.ts';`,
  'src/cli/planted-nest.ts': `import type { Chick } from './planted-chick.ts';\nexport interface Nest { of: Chick }`,
  'src/cluster/planted.ts': 'export const cluster = 1;',
  'scripts/planted.ts': 'export const script = 1;',
};

const impure: Readonly<Record<string, string>> = {
  process: 'export const planted: unknown = process.env;',
  fetch: `export const planted: unknown = fetch('https://example.com');`,
  console: `console.log('planted');\nexport {};`,
  setTimeout: 'setTimeout(() => undefined, 1);\nexport {};',
  Buffer: `export const planted: unknown = Buffer.from('planted');`,
  'node-fs': `export { readFileSync } from 'node:fs';`,
};
const pureFiles = [
  'src/sdk/impure-*.ts',
  'src/engine/impure-*.ts',
  'src/report/impure-*.ts',
  'policies/network/impure-*/policy.ts',
];

/** Files that break the form of the code, with the rule that says so. */
const forms: Readonly<Record<string, readonly [content: string, rule: string]>> = {
  'src/cli/form-class.ts': ['export class Planted {\n  x = 1;\n}', 'no-restricted-syntax'],
  'src/cli/form-enum.ts': ['export enum Planted {\n  A,\n}', 'no-restricted-syntax'],
  'src/cli/form-default.ts': ['export default function planted(): void {}', 'no-restricted-syntax'],
  'src/cli/form-console.ts': [`console.log('planted');\nexport {};`, 'no-console'],
  'src/cli/form-any.ts': ['export const planted: any = 1;', '@typescript-eslint/no-explicit-any'],
  'src/cli/form-bang.ts': [
    'export const planted = (x: string | null): string => x!;',
    '@typescript-eslint/no-non-null-assertion',
  ],
  'src/cli/form-promise.ts': ['Promise.resolve(1);\nexport {};', '@typescript-eslint/no-floating-promises'],
  'src/cli/form-regexp.ts': ['export const planted = /^(?:a+)+$/;', 'regexp/no-super-linear-backtracking'],
};

const roots: string[] = [];
function planted(files: Readonly<Record<string, string>>): string {
  const root = overlay(files);
  roots.push(root);
  return root;
}

afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

describe('the walls between layers', () => {
  const config = JSON.parse(readFileSync(join(repository, '.dependency-cruiser.json'), 'utf8')) as {
    forbidden: { name: string }[];
  };
  const files = Object.values(imports).flat();
  let objections: readonly string[] = [];

  beforeAll(() => {
    ({ objections } = cruise(planted({ ...bystanders, ...Object.fromEntries(files) })));
  });

  it('are all tried here', () => {
    expect(Object.keys(imports).sort()).toEqual(config.forbidden.map(({ name }) => name).sort());
  });

  it.each(Object.entries(imports).flatMap(([rule, list]) => list.map(([file]) => [rule, file])))(
    '%s stops %s',
    (rule, file) => {
      expect(objections).toContain(`${file} ${rule}`);
    },
  );

  it('let the real tree through, and look at all of it', () => {
    const real = cruise(repository);
    expect(real.objections).toEqual([]);
    expect(real.modules).toBeGreaterThan(20);
  });

  it('see no fault in a copy but where one was planted', () => {
    expect(objections.filter((objection) => !objection.includes('planted-'))).toEqual([]);
  });
});

describe('the pure layers', () => {
  const files = pureFiles.flatMap((pattern) =>
    Object.entries(impure).map(([name, content]) => [pattern.replace('*', name), content] as const),
  );
  let faulty: readonly string[] = [];

  beforeAll(() => {
    faulty = compilePure(planted(Object.fromEntries(files)));
  });

  it.each(files.map(([file]) => file))('do not compile with %s', (file) => {
    expect(faulty).toContain(file);
  });

  it('compile as they are', () => {
    expect(faulty.filter((file) => !files.some(([planted]) => planted === file))).toEqual([]);
  });
});

describe('the form of the code', () => {
  let objections: readonly string[] = [];

  beforeAll(() => {
    const files = Object.entries(forms).map(([file, [content]]) => [file, `${content}\n`] as const);
    objections = lint(planted(Object.fromEntries(files)), Object.keys(forms));
  });

  it.each(Object.entries(forms).map(([file, [, rule]]) => [file, rule]))('%s breaks %s', (file, rule) => {
    expect(objections).toContain(`${file} ${rule}`);
  });
});
