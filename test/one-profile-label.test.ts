/** A namespace whose label names no profile is told of wherever daygate looks at it, and once. */
import { describe, expect, it } from 'vitest';
import { auditOf, object } from './audit/audit-of.ts';
import { checkText } from './cli/run-check.ts';
import { start } from './server/harness.ts';
import { admissionReview } from './server/reviews.ts';

const label = 'daygate.dev/profile';
const problem = (asked: string, mend: string): string =>
  `the label ${label} gives the default profile, production, as there is no profile ${asked}${mend}`;
const typingError = problem('prodction', ': did you mean production?');
const unlike = problem('zzzz', '; there are baseline, production, restricted, pss-baseline, pss-restricted');

function namespace(name: string, profile?: string): Record<string, unknown> {
  const labels = profile === undefined ? {} : { labels: { [label]: profile } };
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, uid: name, resourceVersion: '1', ...labels },
  };
}

describe('check', () => {
  const text = [
    namespace('shop', 'prodction'),
    namespace('pay', 'zzzz'),
    namespace('fine', 'baseline'),
    namespace('plain'),
  ]
    .map((one) => JSON.stringify(one))
    .join('\n---\n');

  it('names it among what is skipped, and judges it all the same', async () => {
    const { json } = await checkText(text, { only: ['require-pod-security-level'] });
    expect(json.coverage.judged).toBe(4);
    expect(json.skipped.map(({ object: of, reason }) => [of?.name, reason])).toEqual([
      ['shop', typingError],
      ['pay', unlike],
    ]);
  });

  it('says nothing where the profile was chosen by hand', async () => {
    const { json } = await checkText(text, { only: ['require-pod-security-level'], profile: 'baseline' });
    expect(json.skipped).toEqual([]);
  });
});

describe('an audit', () => {
  const objects = [
    namespace('shop', 'prodction'),
    namespace('pay', 'prodction'),
    namespace('odd', 'zzzz'),
    namespace('fine', 'baseline'),
    object('v1', 'Pod', 'web', { spec: { containers: [{ name: 'web', image: 'web:1' }] } }),
  ];

  it('has a note about all that ask for the same', async () => {
    const { report } = await auditOf(objects);
    expect(report.notices).toEqual([`${typingError} (pay, shop)`, `${unlike} (odd)`]);
    expect(report.errors).toEqual([]);
  });
});

describe('serve', () => {
  const ask = (asked: string | undefined, before?: string, operation = 'CREATE') =>
    admissionReview({
      kind: 'Namespace',
      resource: 'namespaces',
      namespace: '',
      name: 'shop',
      operation,
      object: operation === 'DELETE' ? null : namespace('shop', asked),
      oldObject: operation === 'CREATE' ? null : namespace('shop', before),
    });

  it('warns whoever sets the label, and nobody else', async () => {
    const server = await start({ settings: { enforcement: 'enforce' } });
    const warnings = async (...parts: Parameters<typeof ask>) =>
      (await server.judged(ask(...parts))).warnings ?? [];
    const shown = `daygate: ${typingError}`;
    expect(await warnings('prodction')).toEqual([shown]);
    expect(await warnings('prodction', undefined, 'UPDATE')).toEqual([shown]);
    expect(await warnings('prodction', 'prodctio', 'UPDATE')).toEqual([shown]);
    expect(await warnings('prodction', 'prodction', 'UPDATE')).toEqual([]);
    expect(await warnings(undefined, 'prodction', 'UPDATE')).toEqual([]);
    expect(await warnings(undefined, 'prodction', 'DELETE')).toEqual([]);
    expect(await warnings('baseline')).toEqual([]);
    expect((await server.judged(ask('prodction'))).allowed).toBe(true);
    await server.end();
  });
});
