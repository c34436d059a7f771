import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { judgedBy } from '../../src/config/judged-by.ts';
import type { AuditReport } from '../../src/report/audit/audit-report.ts';
import { daygateVersion } from '../../src/version.ts';
import { jsonOf, report } from '../merge/sample-report.ts';
import { compiled } from '../rollout/audit-of.ts';
import { runDaygate } from './run-daygate.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 1
  template: { spec: { containers: [{ name: app, image: 'app:1' }] } }
`;
const good = deployment.replace('replicas: 1', 'replicas: 3');
const check = 'check --only require-replicas web.yaml';
const exception = (match: string, expires: string, id = 'require-replicas'): string =>
  `exceptions: [{ policies: [${id}], match: { ${match} }, owner: team, reason: r, expires: ${expires} }]\n`;
const baseline = (policy: string): string =>
  `version: 1\ndaygate: ${daygateVersion()}\nobjects:\n  - { file: web.yaml, kind: Deployment, group: apps, namespace: shop, name: web, findings: [{ policy: ${policy}, message: tooFew, at: spec.replicas }] }\n`;
const nextMonth = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
const throwing = `import { definePolicy } from 'daygate/sdk';
import { z } from 'zod';
export default definePolicy({
  id: 'require-luck', category: 'operations', title: 'Luck', severity: 'low', target: 'object', kinds: ['Deployment'],
  profiles: { baseline: 'deny' }, params: z.strictObject({}), messages: { m: 'm' }, why: 'w', remediation: 'r',
  references: [], validate() { throw new Error('no luck'); },
});
`;

const audit = (more: Partial<AuditReport> = {}): string => jsonOf(report(more));
const judgedByAll = judgedBy(compiled(''), ['production']);

interface Scene {
  readonly run: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Commands of git, run before. */
  readonly git?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const repository = ['init -q', 'add -A', 'commit -qm x'];

/** How to provoke each row of the table in docs/cli.md, in a folder with web.yaml. */
const scenes: Readonly<Record<string, Scene>> = {
  'No finding counts': { run: check, files: { 'web.yaml': good } },
  'All findings are in the baseline': {
    run: `${check} --baseline FILE`,
    files: { FILE: baseline('require-replicas') },
  },
  'All findings are excepted': {
    run: `${check} --settings FILE`,
    files: { FILE: exception('name: web', nextMonth) },
  },
  'Nothing has changed, with `--changed-since`': { run: `${check} --changed-since HEAD`, git: repository },
  'Findings that deny or warn': { run: check },
  'Warnings alone': {
    run: `${check} --settings FILE`,
    files: { FILE: 'policies: { require-replicas: warn }\n' },
  },
  'Warnings alone, with `--fail-on deny`': {
    run: `${check} --settings FILE --fail-on deny`,
    files: { FILE: 'policies: { require-replicas: warn }\n' },
  },
  'The exception of a finding has ended': {
    run: `${check} --settings FILE`,
    files: { FILE: exception('name: web', '2020-01-01') },
  },
  'The baseline lists what no longer occurs': {
    run: `${check} --baseline FILE`,
    files: { FILE: baseline('require-replicas'), 'web.yaml': good },
  },
  'The same, with `--fail-on-stale-baseline`': {
    run: `${check} --baseline FILE --fail-on-stale-baseline`,
    files: { FILE: baseline('require-replicas'), 'web.yaml': good },
  },
  '`exceptions --fail-on expired`, and one has ended': {
    run: 'exceptions --fail-on expired --settings FILE',
    files: { FILE: exception('name: web', '2020-01-01') },
  },
  '`exceptions --fail-on unused`, and one hits nothing': {
    run: 'exceptions --fail-on unused --settings FILE web.yaml',
    files: { FILE: exception('name: other', nextMonth) },
  },
  '`exceptions`, and one has ended': {
    run: 'exceptions --settings FILE',
    files: { FILE: exception('name: web', '2020-01-01') },
  },
  '`fix --dry-run` or `fix --diff`, and there is something to fix': {
    run: 'fix --dry-run --only forbid-token-automount web.yaml',
  },
  'An unknown command': { run: 'chekc web.yaml' },
  'An unknown option': { run: 'check --basline FILE web.yaml' },
  'A value is empty': { run: 'check --only= web.yaml' },
  'The policies of `--only` look at no such kind': {
    run: 'check --only require-replicas web.yaml',
    files: { 'web.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n' },
  },
  'An unknown output format': { run: 'check -o xlm web.yaml' },
  'Two formats for standard output': { run: 'check -o json -o sarif web.yaml' },
  'An unknown profile': { run: 'check --profile prodution web.yaml' },
  'An unknown policy': { run: 'check --only require-replica web.yaml' },
  'An unknown parameter': { run: 'check --set require-replicas.mn=3 web.yaml' },
  'Nothing to read was named': { run: 'check' },
  'A path leads nowhere': { run: 'check missing.yaml' },
  'A pattern matches nothing': { run: 'check missing/*.yaml' },
  'A folder holds no manifest': { run: 'check empty', files: { 'empty/README.md': '' } },
  'A pattern for what to leave out begins with !': { run: 'check --exclude !old web.yaml' },
  'Broken YAML': { run: 'check web.yaml', files: { 'web.yaml': 'kind: [\n' } },
  'A document is no Kubernetes object': { run: 'check web.yaml', files: { 'web.yaml': 'a: 1\n' } },
  'No policy looks at anything given': {
    run: 'check web.yaml',
    files: { 'web.yaml': 'apiVersion: example.org/v1\nkind: Thing\nmetadata: { name: x }\n' },
  },
  'A report cannot be written': { run: `${check} -o json=missing/FILE` },
  'Settings are not there': { run: 'check --settings FILE web.yaml' },
  'Settings are wrong': { run: 'check --settings FILE web.yaml', files: { FILE: 'profil: baseline\n' } },
  'An exception names an unknown policy': {
    run: 'check --settings FILE web.yaml',
    files: { FILE: exception('name: web', nextMonth, 'require-replica') },
  },
  'An exception names a kind that is a typing error': {
    run: 'check --settings FILE web.yaml',
    files: { FILE: exception('kind: Deploymnet', nextMonth) },
  },
  'An exception for a container names no image': {
    run: 'check --settings FILE web.yaml',
    files: { FILE: exception('container: { name: istio-proxy }', nextMonth) },
  },
  'An exception for a container leaves the registry open': {
    run: 'check --settings FILE web.yaml',
    files: { FILE: exception("container: { name: istio-proxy, image: '*/proxyv2:*' }", nextMonth) },
  },
  'An exception would last too long': {
    run: 'check --settings FILE web.yaml',
    files: { FILE: exception('name: web', '2999-12-31') },
  },
  'A policy of your own cannot be loaded': { run: 'check --policies FOLDER web.yaml' },
  'The baseline is not there': { run: `${check} --baseline FILE` },
  'The baseline is empty': { run: `${check} --baseline FILE`, files: { FILE: '' } },
  'The baseline is none': { run: `${check} --baseline FILE`, files: { FILE: 'kind: Pod\n' } },
  'The baseline has another format': { run: `${check} --baseline FILE`, files: { FILE: 'version: 2\n' } },
  'Another daygate wrote the baseline': {
    run: `${check} --baseline FILE`,
    files: { FILE: 'version: 1\ndaygate: 0.0.1\nobjects: []\n' },
  },
  'Not all could be checked, with `--write-baseline`': {
    run: 'check --write-baseline FILE web.yaml',
    files: { 'web.yaml': 'kind: [\n' },
  },
  'The baseline cannot be written': { run: `${check} --write-baseline missing/FILE` },
  '`--changed-since` outside of a repository': { run: `${check} --changed-since main` },
  '`--changed-since` without git': { run: `${check} --changed-since main`, env: { PATH: '' } },
  '`--changed-since` with a commit that git does not know': {
    run: `${check} --changed-since REF`,
    git: repository,
  },
  '`--changed-since` with a commit that shares no history': {
    run: `${check} --changed-since REF`,
    git: [
      ...repository,
      'branch -m REF',
      'switch -q --orphan other',
      'commit -qm y --allow-empty',
      'checkout -q REF -- web.yaml',
    ],
  },
  '`--changed-since` in a shallow clone': {
    run: 'check --changed-since REF web.yaml',
    git: [...repository, 'commit -qm y --allow-empty', 'clone -q --depth=1 file://FOLDER/.git clone'],
  },
  '`exceptions --fail-on unused` without manifests': { run: 'exceptions --fail-on unused' },
  '`rollout`, and nothing would be refused': {
    run: 'rollout --report FILE --deny forbid-privileged',
    files: { FILE: audit({ profiles: judgedByAll }) },
  },
  '`rollout`, and something would be': {
    run: 'rollout --report FILE --deny require-memory-limit',
    files: { FILE: audit() },
  },
  '`rollout` by what the report was not judged by': {
    run: 'rollout --report FILE --deny forbid-privileged',
    files: { FILE: audit() },
  },
  '`merge`, and findings deny or warn': { run: 'merge FILE', files: { FILE: audit() } },
  '`merge` without all shards': {
    run: 'merge FILE',
    files: { FILE: audit({ coverage: { ...report().coverage, shard: { index: 0, of: 2 } } }) },
  },
  'A report of an audit is none': { run: 'merge FILE', files: { FILE: 'a: 1\n' } },
  'A certificate cannot be read': { run: 'serve --cert FILE --key FILE' },
  'A policy fails on an object': {
    run: 'check --only require-luck --policies own web.yaml',
    files: { 'own/policy.ts': throwing },
  },
};

interface Row {
  readonly situation: string;
  readonly message: string;
  readonly code: number;
}

function rowsOf(page: string): readonly Row[] {
  const section = page.slice(page.indexOf('## Exit codes'));
  const end = section.indexOf('\n## ', 1);
  return section
    .slice(0, end === -1 ? undefined : end)
    .split('\n')
    .filter((line) => /\| \d \|$/.test(line))
    .map((line) => {
      const [situation = '', message = '', code = ''] = line
        .slice(1, -1)
        .split(' | ')
        .map((cell) => cell.trim());
      return { situation, message: message.replaceAll('`', ''), code: Number(code) };
    });
}

const rows = rowsOf(readFileSync(join(import.meta.dirname, '../../docs/cli.md'), 'utf8'));

let folder: string;
let before: string;
beforeEach(() => {
  before = process.cwd();
  folder = mkdtempSync(join(tmpdir(), 'daygate-exit-'));
  process.chdir(folder);
  vi.stubEnv('NO_COLOR', '1');
});
afterEach(() => {
  vi.unstubAllEnvs();
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

function prepare({ files = {}, git = [], env = {} }: Scene): void {
  for (const [name, text] of Object.entries({ 'web.yaml': deployment, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  for (const command of git) {
    const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
    const args = command.split(' ').map((word) => word.replace('FOLDER', folder));
    execFileSync('git', [...who, ...args], { stdio: 'pipe' });
    if (command.startsWith('clone')) process.chdir(join(folder, 'clone'));
  }
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
}

describe('the table of exit codes in docs/cli.md', () => {
  it('has a row for each situation that is provoked here, and no other', () => {
    expect(rows.map(({ situation }) => situation).toSorted()).toEqual(Object.keys(scenes).toSorted());
  });

  it.each(rows)('$situation: $message ($code)', async ({ situation, message, code }) => {
    const scene = scenes[situation] ?? { run: '' };
    prepare(scene);
    const result = await runDaygate(...scene.run.split(' '));
    // A line says it, after the name of the program, or the word error and the place.
    const lines = result.out
      .split('\n')
      .map((line) => line.trim().replace(/^(?:daygate: |error: |error (?:\S+: )?)/, ''));
    expect({
      code: result.code,
      said: lines.filter((line) => line.startsWith(message)).slice(0, 1).length,
      out: result.out,
    }).toEqual({
      code,
      said: 1,
      out: result.out,
    });
  });
});
