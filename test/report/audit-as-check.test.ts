/** What the formats of `check` make of objects that are in no file. */
import { describe, expect, it } from 'vitest';
import type { Log } from 'sarif';
import { auditFinding, audit, cleanAudit, hostileAudit, mergedAudit, mixedAudit } from './sample-audits.ts';
import { partialAudit, renderSample } from './sample-audits.ts';
import { parseCommands } from './github-runner.ts';
import { junitProblems } from './junit-schema.ts';
import { sarifProblems } from './sarif-schema.ts';

const samples = [
  ['mixed', mixedAudit],
  ['clean', cleanAudit],
  ['partial', partialAudit],
  ['merged', mergedAudit],
  ['hostile', hostileAudit],
] as const;

interface Issue {
  readonly description: string;
  readonly fingerprint: string;
  readonly location: object;
}

function runOf(report: typeof mixedAudit) {
  const [run] = (JSON.parse(renderSample('sarif', report)) as Log).runs;
  if (run === undefined) throw new Error('no run');
  return run;
}

describe('SARIF', () => {
  it.each(samples)('is valid: %s', (_, report) => {
    expect(sarifProblems(renderSample('sarif', report))).toEqual([]);
  });

  it('has the object as a logical location, and no column', () => {
    const { results = [], originalUriBaseIds } = runOf(mixedAudit);
    expect(results[1]?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'shop/Deployment.apps/web', uriBaseId: '%CLUSTER%' },
          region: { startLine: 1 },
        },
        logicalLocations: [{ name: 'web', fullyQualifiedName: 'shop/Deployment.apps/web', kind: 'object' }],
      },
    ]);
    expect(results[1]?.properties?.['locator']).toMatch(/^spec\.template/);
    expect(Object.keys(originalUriBaseIds ?? {})).toEqual(['%CLUSTER%']);
    expect(runOf(mergedAudit).results?.map((one) => one.locations?.[0]?.logicalLocations?.[0])).toMatchObject(
      [
        { fullyQualifiedName: 'east/shop/Deployment.apps/web' },
        { fullyQualifiedName: 'arn:aws:eks:eu-west-1:12:cluster/west/shop/Deployment.apps/web' },
        { fullyQualifiedName: 'east/ClusterRole.rbac.authorization.k8s.io/all' },
      ],
    );
  });

  it('has rules without advice, which only findings have', () => {
    const [rule] = runOf(cleanAudit).tool.driver.rules ?? [];
    expect(rule?.help?.markdown).toContain('**Read more**');
    expect(rule?.help?.markdown).not.toContain('**What to write instead**');
  });
});

describe('JUnit XML', () => {
  it.each(samples)('is valid: %s', async (_, report) => {
    expect(await junitProblems(renderSample('junit', report))).toEqual([]);
  });

  it('has a suite for each namespace, which no namespace can confuse with our own', () => {
    const suites = (report: typeof mixedAudit) =>
      [...renderSample('junit', report).matchAll(/<testsuite name="([^"]*)" tests="(\d+)"/g)].map(
        ([, name, tests]) => `${name ?? ''}: ${tests ?? ''}`,
      );
    expect(suites(mixedAudit)).toEqual(['cluster-scoped objects: 1', 'namespace shop: 6', 'daygate: 9']);
    expect(suites(mergedAudit)).toEqual([
      'arn:aws:eks:eu-west-1:12:cluster/west: namespace shop: 1',
      'east: cluster-scoped objects: 1',
      'east: namespace shop: 1',
      'daygate: 3',
    ]);
    const object = { apiVersion: 'v1', kind: 'Pod', namespace: 'daygate', name: 'x' };
    expect(suites(audit([auditFinding({ object })]))[0]).toBe('namespace daygate: 1');
  });

  it('passes objects without findings, by a name that says which API group', () => {
    expect(renderSample('junit', mixedAudit)).toContain(
      '<testcase name="no findings" classname="shop/Service/ready" time="0"/>',
    );
  });
});

describe('GitHub annotations', () => {
  it('point at no file', () => {
    const commands = parseCommands(renderSample('github', mixedAudit));
    expect(commands.length).toBeGreaterThan(5);
    for (const { properties } of commands) expect(Object.keys(properties)).toEqual(['title']);
    expect(commands.map(({ properties }) => properties['title'])).toContain(
      'require-memory-limit: Deployment shop/web',
    );
  });
});

describe('GitLab code quality', () => {
  const issues = (report: typeof mixedAudit) => JSON.parse(renderSample('gitlab', report)) as Issue[];

  it('has the path in the cluster where others have a file', () => {
    expect(issues(mixedAudit)[1]).toMatchObject({
      description: expect.stringMatching(/^Deployment shop\/web: .*in 4 of its Pods/) as string,
      location: { path: 'shop/Deployment.apps/web', lines: { begin: 1 } },
    });
  });

  it('knows findings again, in whatever order they come', () => {
    const prints = (findings: typeof mixedAudit.findings) =>
      Object.fromEntries(
        issues({ ...mixedAudit, findings }).map(({ description, fingerprint }) => [description, fingerprint]),
      );
    const all = prints(mixedAudit.findings);
    expect(new Set(Object.values(all)).size).toBe(6);
    expect(prints(mixedAudit.findings.toReversed())).toEqual(all);
    const merged = issues(mergedAudit).map(({ fingerprint }) => fingerprint);
    expect(new Set(merged).size).toBe(3);
  });
});

describe('Markdown', () => {
  it('has no lines, and the gravest first', () => {
    const deny = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'z' };
    const text = renderSample(
      'markdown',
      audit([auditFinding({ action: 'warn' }), auditFinding({ object: deny })]),
    );
    expect(text).toContain('| | Finding | What to write instead |\n|---|---|---|\n| ❌ deny | app has');
    expect(text.indexOf('<b>Pod shop/z</b>')).toBeLessThan(text.indexOf('<b>Deployment shop/web</b>'));
    expect(text).toMatch(/<summary><b>Pod shop\/z<\/b> · ❌ 1 deny<\/summary>/);
  });
});
