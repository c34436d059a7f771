import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import { sarifProblems } from './sarif-schema.ts';
import { clean, compared, errorsOnly, finding, hostileReport, mixed, render } from './sample-reports.ts';
import { rendered, report } from './sample-reports.ts';

function runOf(text: string) {
  const { runs } = JSON.parse(text) as Log;
  const [run] = runs;
  if (run === undefined) throw new Error('no run');
  return run;
}

describe('SARIF', () => {
  it.each([
    ['findings', mixed],
    ['a clean run', clean],
    ['errors alone', errorsOnly],
    ['hostile texts', hostileReport],
    ['renderings', rendered],
    ['a baseline', compared],
  ])('is valid with %s', (_, input) => {
    expect(sarifProblems(render('sarif', input))).toEqual([]);
  });

  it('is held against a schema that objects', () => {
    expect(sarifProblems(render('sarif', mixed).replaceAll('"startLine": 20', '"startLine": 0'))).not.toEqual(
      [],
    );
    expect(
      sarifProblems(render('sarif', mixed).replaceAll('"level": "error"', '"level": "deny"')),
    ).not.toEqual([]);
  });

  it('has results and rules also when all is well', () => {
    const run = runOf(render('sarif', clean));
    expect(run.results).toEqual([]);
    expect(run.invocations?.[0]?.executionSuccessful).toBe(true);
    expect(run.tool.driver.rules?.map(({ id }) => id)).toContain('require-memory-limit');
  });

  it('leads each result to its rule, its place and its object', () => {
    const run = runOf(render('sarif', mixed));
    for (const { ruleId, ruleIndex = -1 } of run.results ?? []) {
      const rule = run.tool.driver.rules?.[ruleIndex];
      if (rule !== undefined) expect(rule.id).toBe(ruleId);
    }
    expect(run.results?.[0]).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'deploy/web.yaml', uriBaseId: '%SRCROOT%' },
            region: { startLine: 20, startColumn: 11 },
          },
        },
      ],
      suppressions: [],
    });
    expect(run.results?.map(({ level }) => level)).toEqual([
      'error',
      'warning',
      'warning',
      'note',
      'note',
      'error',
    ]);
    expect(run.results?.[4]?.suppressions).toMatchObject([{ kind: 'external', status: 'accepted' }]);
  });

  it('tells what a rule is for, and how grave it is for code scanning', () => {
    const rules = runOf(render('sarif', mixed)).tool.driver.rules ?? [];
    const byId = new Map(rules.map((rule) => [rule.id, rule]));
    expect(byId.get('forbid-privileged')).toMatchObject({
      name: 'ForbidPrivileged',
      helpUri: expect.stringMatching(/^https:/) as string,
      help: { markdown: expect.stringContaining('What to write instead') as string },
      properties: { 'security-severity': expect.any(String) as string, tags: ['kubernetes', 'security'] },
    });
    expect(byId.get('require-memory-limit')?.properties).not.toHaveProperty('security-severity');
  });

  it('knows a finding again when its line, its document or its index has moved, and no other for it', () => {
    const print = (...findings: readonly ReturnType<typeof finding>[]) =>
      runOf(render('sarif', report(findings))).results?.map(({ partialFingerprints }) => partialFingerprints);
    const [here] = print(finding()) ?? [];
    expect(
      print(finding({ line: 99, column: 1, document: 4, pointer: '/moved', message: 'Otherwise said.' })),
    ).toEqual([here]);
    for (const change of [
      { file: 'b.yaml' },
      { policy: 'x' },
      { locator: 'y' },
      { messageId: 'z' },
      { object: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
    ]) {
      expect(print(finding(change))).not.toEqual([here]);
    }
    const twins = print(finding(), finding()) ?? [];
    expect(twins[0]).toEqual(here);
    expect(twins[1]).not.toEqual(here);
  });

  it('makes one result of what renderings say about one place, and names them', () => {
    const [, base, replicas, memory, prod] = runOf(render('sarif', rendered)).results ?? [];
    expect(base?.message.text).toContain('(the line is a guess; in overlays/dev, overlays/prod)');
    expect(base?.locations?.[0]).toMatchObject({
      physicalLocation: { artifactLocation: { uri: 'base/web.yaml' }, region: { startLine: 20 } },
      logicalLocations: [
        { fullyQualifiedName: expect.stringMatching(/^Deployment dev-web /) as string },
        { fullyQualifiedName: expect.stringMatching(/^Deployment prod-web /) as string },
      ],
    });
    expect(base?.locations?.[0]?.physicalLocation?.region).not.toHaveProperty('startColumn');
    expect(base?.properties).toMatchObject({
      approximate: true,
      renderings: [
        { label: 'overlays/dev', object: 'Deployment dev-web' },
        { label: 'overlays/prod', object: 'Deployment prod-web' },
      ],
    });
    expect(memory?.properties?.['renderings']).toHaveLength(4);
    expect([replicas, prod].map((one) => one?.message.text?.split('.')[0])).toEqual([
      'replicas is 1',
      'replicas is 2',
    ]);
  });

  it('knows a place again when fewer renderings have it, or an object is named otherwise', () => {
    const prints = (findings: typeof rendered.findings) =>
      runOf(render('sarif', report(findings))).results?.map(
        ({ partialFingerprints: prints }) => prints?.['primaryLocationLineHash'],
      ) ?? [];
    const all = prints(rendered.findings);
    expect(new Set(all).size).toBe(5);
    const fewer = rendered.findings.filter(({ render }) => render !== 'overlays/dev');
    expect(prints(fewer)).toEqual(all);
    // Of two places that share all but the line, the first keeps its name.
    const [, one] = rendered.findings;
    if (one === undefined) throw new Error('no finding');
    const [first, second] = prints([one, { ...one, line: 40 }]);
    expect(prints([{ ...one, line: 40 }, one])).toEqual([second, first]);
  });

  it('says how each result compares with the baseline, and only where there is one', () => {
    const run = runOf(render('sarif', compared));
    expect(run.results?.map(({ baselineState, level }) => [baselineState, level])).toEqual([
      ['unchanged', 'note'],
      ['unchanged', 'note'],
      ['unchanged', 'note'],
      ['new', 'warning'],
    ]);
    expect(run.results?.[0]?.properties?.['baselined']).toEqual({ action: 'deny' });
    const notes = run.invocations?.[0]?.toolExecutionNotifications ?? [];
    expect(notes.map(({ message }) => message.text).join('\n')).toContain(
      'Listed in daygate-baseline.yaml and no longer found: 2 findings.',
    );
    expect(render('sarif', mixed)).not.toContain('baselineState');
  });

  it('names what could not be checked, and what was not judged', () => {
    const [invocation] = runOf(render('sarif', errorsOnly)).invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    expect(invocation?.toolExecutionNotifications?.filter(({ level }) => level === 'error')).toHaveLength(2);
    const notes = runOf(render('sarif', mixed)).invocations?.[0]?.toolExecutionNotifications ?? [];
    expect(notes.map(({ message }) => message.text).join('\n')).toContain(
      'Not judged: require-pod-disruption-budget',
    );
  });

  it('says so where code scanning will not show all', () => {
    const many = Array.from({ length: 5_001 }, (_, line) => finding({ line: line + 1 }));
    const text = render('sarif', report(many));
    expect(text).toContain('There are 5001 results: GitHub code scanning shows the first 5000 by severity.');
    expect(runOf(text).results).toHaveLength(5_001);
    expect(render('sarif', mixed)).not.toContain('code scanning shows');
  });

  it('writes files as URIs: escaped, below the source root, or absolute', () => {
    const uri = (file: string) =>
      runOf(render('sarif', report([finding({ file })]))).results?.[0]?.locations?.[0]?.physicalLocation
        ?.artifactLocation;
    expect(uri('./a b/ü#1?.yaml')).toEqual({ uri: 'a%20b/%C3%BC%231%3F.yaml', uriBaseId: '%SRCROOT%' });
    expect(uri('/abs/x.yaml')).toEqual({ uri: 'file:///abs/x.yaml' });
    expect(uri('<stdin>')).toEqual({ uri: '%3Cstdin%3E', uriBaseId: '%SRCROOT%' });
  });
});
