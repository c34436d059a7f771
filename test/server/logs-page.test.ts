import { raw } from 'jq-wasm';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/engine/review.ts';
import { fixAnnotations, verdictAnnotations } from '../../src/server/audit-annotations.ts';
import { verdictOutcomes } from '../../src/server/outcomes.ts';
import { compiledFor, start, type Running } from './harness.ts';
import { admissionReview, badPod, limited, pod } from './reviews.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/logs.md'), 'utf8');
const decisions = /## Decisions\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
const described = [...decisions.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`(\w+)`/g)].map(([, field]) => field),
);

describe('docs/logs.md', () => {
  let server: Running;
  let lines: readonly Readonly<Record<string, unknown>>[];
  beforeAll(async () => {
    const compiled = compiledFor({ enforcement: { default: 'enforce', namespaces: { sandbox: 'observe' } } });
    server = await start({ compiled: () => compiled });
    await server.judged(admissionReview());
    await server.judged(
      admissionReview({
        object: badPod(),
        operation: 'UPDATE',
        subResource: 'resize',
        oldObject: pod(),
        dryRun: true,
        username: 'jane',
      }),
    );
    const careless = pod([{ name: 'app', ...limited, env: [{ name: 'JSON', value: '{' }] }]);
    await server.judged(admissionReview({ object: careless }));
    await server.judged(admissionReview({ object: badPod(), username: 'joe' }));
    const ownerless = pod([{ name: 'app' }], { labels: {} });
    await server.judged(admissionReview({ object: ownerless, namespace: 'sandbox' }));
    lines = server.log().filter(({ message }) => message === 'decision');
  });
  afterAll(() => server.end());

  it('describes every field of a decision, and none that is not there', () => {
    expect(lines).toHaveLength(5);
    const real = new Set(lines.flatMap((line) => Object.keys(line)));
    expect(described.toSorted()).toEqual([...real].filter((field) => field !== 'message').toSorted());
  });

  it('names the verdicts and the levels they have', () => {
    expect([...decisions.matchAll(/^\| `verdict` .*$/gm)].join('').match(/`\w+`/g)?.slice(1)).toEqual(
      verdictOutcomes.map((outcome) => `\`${outcome}\``),
    );
    expect(lines.map(({ level, verdict }) => [verdict, level])).toEqual([
      ['allowed', 'debug'],
      ['denied', 'info'],
      ['warned', 'error'],
      ['denied', 'info'],
      ['warned', 'info'],
    ]);
  });

  it('names what enforcing would refuse, and not what it would only warn about', () => {
    expect(lines.map(({ policies, wouldDeny }) => [policies, wouldDeny]).at(-1)).toEqual([
      ['require-owner', 'require-memory'],
      ['require-memory'],
    ]);
  });

  it('names every annotation of the audit log, and no other', () => {
    const exception = { owner: 'team', reason: 'moves', expires: '2027-03-31' };
    const finding: Finding = {
      ...{ policy: 'require-memory', severity: 'high', action: 'deny', message: 'x'.repeat(70_000) },
      ...{
        remediation: '',
        object: { apiVersion: 'v1', kind: 'Pod', name: 'web' },
        pointer: '',
        locator: '',
      },
      ...{ messageId: 'missing', fixable: false, exception },
    };
    const [errors, skipped] = [[{ policy: 'a', message: 'failed' }], [{ policy: 'b', reason: 'no facts' }]];
    const real = {
      ...verdictAnnotations(
        { enforcement: 'enforce', allowed: false, findings: [finding], errors, skipped },
        'denied',
        'production',
        0,
      ),
      ...fixAnnotations({ patch: [], applied: ['a'], dropped: [{ policy: 'b', reason: 'no' }] } as never),
    };
    const [, table = ''] = /## In the audit log[\s\S]*?\n\|---\|---\|\n([\s\S]*?)\n\n/.exec(page) ?? [];
    const named = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(Object.keys(real).toSorted());
    expect(table).toContain(`\`${real.verdict ?? ''}\``);
  });

  it('finds with jq who was refused and why', async () => {
    const filters = [...page.matchAll(/jq -rR '([^']+)'/g)].map(([, filter = '']) => filter);
    const input = ['no JSON', ...server.logText().split('\n')].join('\n');
    const [refused, most] = await Promise.all(
      filters.map(async (filter) => (await raw(input, filter, ['-r', '-R'])).trim().split('\n')),
    );
    expect(refused?.map((line) => line.split('\t').slice(1))).toEqual([
      ['jane', 'UPDATE', 'Pod', 'shop/web', 'require-memory'],
      ['joe', 'CREATE', 'Pod', 'shop/web', 'require-memory'],
    ]);
    expect(most).toEqual(['shop require-memory']);
  });
});
