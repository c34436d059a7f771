import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exceptionsMatching } from '../../src/engine/exception-index.ts';
import { judge } from '../../src/engine/judge.ts';
import { isExcepted } from '../../src/rollout/standards.ts';
import { compiled, countingMatches, now, pod, review } from './compile-test-settings.ts';

const about = { policies: ['forbid-tag'], owner: 'ana', reason: 'move', expires: '2026-11-30' };

const counting = (matches: readonly object[]): ReturnType<typeof countingMatches> =>
  countingMatches(compiled({ exceptions: matches.map((match) => ({ ...about, match })) }));

it.each(['./web*', '!other', '{web,api}', 'a\\)|*', '@(web|api)', 'web{,-1}', 'a[]*)*-('])(
  'a pattern of names such as %s is tried wherever it may match',
  (pattern) => {
    const { exceptions } = compiled({ exceptions: [{ ...about, match: { kind: 'Pod', name: pattern } }] });
    for (const some of ['web', 'web-1', '-', 'b-', 'other']) {
      const identity = { namespace: 'shop', kind: 'Pod', name: some };
      const wanted = exceptions.filter(({ matches }) => matches(identity));
      expect(exceptionsMatching(exceptions, [identity])).toEqual(wanted);
    }
  },
);

describe('exceptions that are written for other objects are not tried', () => {
  const numbers = Array.from({ length: 500 }, (_, index) => index);
  const own = { namespace: 'shop', kind: 'Pod', name: 'web' };
  it.each<[string, (index: number) => object]>([
    ['names', (index: number) => ({ name: `web-${index}` })],
    ['namespaces', (index: number) => ({ namespace: `shop-${index}`, name: 'web' })],
    ['namespaces alone', (index: number) => ({ namespace: `shop-${index}` })],
    ['patterns of names', (index: number) => ({ kind: 'Pod', name: `web-${index}-*` })],
  ])('%s', (_, other) => {
    const asked = counting([...numbers.map(other), own]);
    const { findings } = judge(asked.known, review(pod({ name: 'app', image: 'app:latest' })));
    expect(findings.find(({ policy }) => policy === 'forbid-tag')?.coveredBy).toEqual([500]);
    expect(asked.tried()).toBe(1);
    const predicted = counting([...numbers.map(other), own]);
    expect(isExcepted({ after: predicted.known, at: now }, { policy: 'forbid-tag' }, [own])).toBe(true);
    expect(predicted.tried()).toBe(1);
  });
});

const name = fc.stringMatching(/^[ab.-]{1,4}$/);
const match = fc.record(
  {
    namespace: fc.oneof(name, fc.stringMatching(/^[ab*?]{1,3}$/)),
    kind: fc.constantFrom('Pod', 'Deployment'),
    name: fc.oneof(
      name,
      fc.stringMatching(/^[ab.*?{},-]{1,6}$/),
      fc.stringMatching(/^[ab.*?[\]{}()!|+@,/\\-]{1,8}$/),
    ),
  },
  { requiredKeys: [] },
);
const identity = fc.record({
  namespace: fc.option(name, { nil: undefined }),
  kind: fc.constantFrom('Pod', 'Deployment'),
  name,
});

it('finds those that match, in the order of the settings, and no others', () => {
  fc.assert(
    fc.property(
      fc.array(match, { maxLength: 12 }),
      fc.array(identity, { maxLength: 3 }),
      (matches, identities) => {
        // Some are about everything, which settings may not say.
        const named = matches.map((one) => ({ kind: 'Pod', ...one }));
        const { exceptions } = compiled({ exceptions: named.map((one) => ({ ...about, match: one })) });
        const wanted = exceptions.filter((one) => identities.some(one.matches));
        expect(exceptionsMatching(exceptions, identities).map(({ index }) => index)).toEqual(
          wanted.map(({ index }) => index),
        );
      },
    ),
    { numRuns: 500 },
  );
});
