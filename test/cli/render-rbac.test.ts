import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { runProgram } from './run-program.ts';

interface Rbac {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
  readonly subjects?: readonly object[];
}

const folder = mkdtempSync(join(tmpdir(), 'daygate-render-rbac-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const cluster = file('cluster.yaml', 'facts: cluster\n');

async function rendered(...args: readonly string[]): Promise<readonly Rbac[]> {
  const { code, out, err } = await runProgram(['render', ...args]);
  expect([code, err]).toEqual([0, '']);
  return parseAllDocuments(out).map((document) => document.toJS() as Rbac);
}

describe('daygate render --rbac', () => {
  it('gives serve list and watch on what policies ask about, and never Secrets', async () => {
    const [role, binding] = await rendered('--rbac', 'serve', '--settings', cluster);
    expect(role).toMatchObject({ kind: 'ClusterRole', metadata: { name: 'daygate-facts' } });
    expect(new Set(role?.rules?.flatMap(({ verbs }) => verbs))).toEqual(new Set(['list', 'watch']));
    const resources = role?.rules?.flatMap((rule) => rule.resources) ?? [];
    expect(resources).toEqual(expect.arrayContaining(['poddisruptionbudgets', 'resourcequotas']));
    expect(resources).not.toContain('secrets');
    expect(binding).toMatchObject({
      kind: 'ClusterRoleBinding',
      roleRef: { name: 'daygate-facts' },
      subjects: [{ kind: 'ServiceAccount', name: 'daygate', namespace: 'daygate-system' }],
    });
  });

  it('follows the settings', async () => {
    const settings = file(
      'own.yaml',
      '{ facts: cluster, webhook: { namespace: gate }, policies: { require-namespace-quota: off } }',
    );
    const [role, binding] = await rendered('--rbac', 'serve', '--settings', settings);
    // No other policy asks about them.
    expect(role?.rules?.flatMap((rule) => rule.resources)).not.toContain('resourcequotas');
    expect(binding?.subjects).toMatchObject([{ name: 'daygate', namespace: 'gate' }]);
  });

  it('gives audit get and list on what it judges or asks about, namespaces, and its own webhooks', async () => {
    const args = ['--rbac', 'audit', '-n', 'tools', '--service-account', 'reader'];
    const [role, binding] = await rendered(...args);
    expect(new Set(role?.rules?.flatMap(({ verbs }) => verbs))).toEqual(new Set(['get', 'list']));
    const resources = role?.rules?.flatMap((rule) => rule.resources) ?? [];
    expect(resources).toEqual(expect.arrayContaining(['deployments', 'namespaces', 'poddisruptionbudgets']));
    expect(resources.filter((one) => one.endsWith('webhookconfigurations'))).toHaveLength(2);
    expect(binding?.subjects).toMatchObject([{ name: 'reader', namespace: 'tools' }]);
  });

  it('gives an audit of one namespace a Role there, and nothing that is in none but the namespace', async () => {
    const [role, binding] = await rendered('--rbac', 'audit-namespace', '-n', 'shop');
    expect(role).toMatchObject({ kind: 'Role', metadata: { name: 'daygate-audit', namespace: 'shop' } });
    expect(binding).toMatchObject({
      kind: 'RoleBinding',
      metadata: { namespace: 'shop' },
      roleRef: { kind: 'Role', name: 'daygate-audit' },
      subjects: [{ kind: 'ServiceAccount', name: 'daygate-audit', namespace: 'shop' }],
    });
    const resources = role?.rules?.flatMap((rule) => rule.resources) ?? [];
    expect(resources).toEqual(expect.arrayContaining(['deployments', 'namespaces', 'roles', 'secrets']));
    for (const other of ['clusterroles', 'persistentvolumes', 'validatingwebhookconfigurations'])
      expect(resources).not.toContain(other);
    const { code, err } = await runProgram(['render', '--rbac', 'audit-namespace']);
    expect([code, err]).toEqual([2, expect.stringContaining('name the namespace that is audited: -n')]);
  });

  it('lets an audit read its own webhooks by name where no policy is about webhooks', async () => {
    const settings = file('no-webhooks.yaml', 'policies: { forbid-insecure-api-service: off }');
    const [role] = await rendered('--rbac', 'audit', '--settings', settings);
    const rules = role?.rules?.filter(({ apiGroups }) => apiGroups[0] === 'admissionregistration.k8s.io');
    expect(rules).toEqual([
      {
        apiGroups: ['admissionregistration.k8s.io'],
        resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
        resourceNames: ['daygate'],
        verbs: ['get'],
      },
    ]);
  });

  it('says because of which policies an audit reads Secrets, and without them it does not', async () => {
    const { out } = await runProgram(['render', '--rbac', 'audit']);
    const [, ids = ''] = /reads all Secrets, for (.+): without/.exec(out) ?? [];
    expect(ids).not.toBe('');
    const off = ids.split(', ').map((id) => `${id}: off`);
    const settings = file('no-secrets.yaml', `policies: { ${off.join(', ')} }`);
    const without = await runProgram(['render', '--rbac', 'audit', '--settings', settings]);
    expect(without.out).not.toMatch(/secrets/i);
    expect(out).toContain('      - secrets\n');
  });

  it('is warned about where it reads Secrets, like anybody, and not with the settings of its page', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/audit.md'), 'utf8');
    const settings = file('page.yaml', /^ {2}```yaml\n(.*?)^ {2}```/ms.exec(page)?.[1] ?? '');
    const said = async (...args: readonly string[]) => {
      const { out } = await runProgram(['render', '--rbac', ...args]);
      const account = `apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: daygate-audit, namespace: shop }\nautomountServiceAccountToken: false\n`;
      const path = file('audit.yaml', `${out}---\n${account}`);
      const { out: json } = await runProgram(['check', '--profile', 'restricted', '-o', 'json', path]);
      const { findings } = JSON.parse(json) as { findings: readonly { policy: string }[] };
      return [findings.map(({ policy }) => policy), out.includes('bound-secret-access')];
    };
    for (const args of [['audit'], ['audit-namespace', '-n', 'shop']]) {
      expect(await said(...args)).toEqual([['bound-secret-access'], true]);
      expect(await said(...args, '--settings', settings)).toEqual([[], false]);
    }
  });

  it('gives who writes PolicyReports those alone, and lets it change none but its own', async () => {
    const [role, binding] = await rendered('--rbac', 'policy-reports', '-n', 'tools');
    expect(role?.rules).toEqual([
      {
        apiGroups: ['wgpolicyk8s.io'],
        resources: ['clusterpolicyreports', 'policyreports'],
        verbs: ['create', 'list'],
      },
      {
        apiGroups: ['wgpolicyk8s.io'],
        resources: ['clusterpolicyreports', 'policyreports'],
        resourceNames: ['daygate'],
        verbs: ['delete', 'patch'],
      },
    ]);
    expect(binding?.subjects).toMatchObject([{ name: 'daygate-audit', namespace: 'tools' }]);
  });

  it('passes the policies about RBAC', async () => {
    const { out } = await runProgram(['render', '--rbac', 'serve', '--settings', cluster]);
    const path = file('rbac.yaml', out);
    const { code, out: said } = await runProgram(['check', '--profile', 'restricted', path]);
    expect([code, said]).toEqual([0, expect.stringContaining('no findings')]);
  });

  it('compares with a file', async () => {
    const path = join(folder, 'kept.yaml');
    const args = ['render', '--rbac', 'serve', '--settings', cluster, '-o', path];
    expect((await runProgram(args)).code).toBe(0);
    expect((await runProgram([...args, '--check'])).code).toBe(0);
    writeFileSync(path, readFileSync(path, 'utf8').replace('limitranges', 'secrets'));
    const { code, err } = await runProgram([...args, '--check']);
    expect(code).toBe(1);
    expect(err).toBe(
      `${path} is not what the settings and policies give: run the same command without --check\n`,
    );
  });

  it.each([
    [['--rbac', 'serve'], 'with facts: none, as the settings have it'],
    [['--rbac', 'server'], 'there is no --rbac reader server: did you mean serve'],
    [['--rbac', 'audit', '--url', 'https://x'], '--url and --ca-bundle are about webhooks'],
    [
      ['--url', 'http://127.0.0.1:8443'],
      '--url http://127.0.0.1:8443: expected an address that begins with https://, such as',
    ],
    [['--url', '127.0.0.1:8443'], 'expected an address that begins with https://'],
    [['--url', 'https://127.0.0.1:8443/?a=b'], 'expected an address without user, query and fragment'],
    [['--url', 'https://me@127.0.0.1:8443'], 'expected an address without user, query and fragment'],
    [['--service-account', 'x'], '--namespace and --service-account go with --rbac'],
  ])('refuses %j', async (args, said) => {
    const { code, err, out } = await runProgram(['render', ...args]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(said);
  });
});
