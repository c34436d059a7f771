import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Exception } from '../../src/engine/settings.ts';
import { draftExceptions, exceptionsYaml } from '../../src/rollout/draft-exceptions.ts';
import { predict } from '../../src/rollout/predict.ts';
import { finding, report as sample } from '../merge/sample-report.ts';
import { answering, standards } from './audit-of.ts';

describe('an exception that is drafted', () => {
  const drafted = (name: string, kind = 'ClusterRole') =>
    draftExceptions(
      predict(
        sample({
          findings: [finding({ object: { apiVersion: 'rbac.authorization.k8s.io/v1', kind, name } })],
        }),
        standards('', { profile: 'production' }),
      ).objects,
      [],
      answering,
    );
  const isCovered = (exceptions: readonly Exception[], name: string): boolean =>
    predict(
      sample({
        findings: [
          finding({ object: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name } }),
        ],
      }),
      standards('', { profile: 'production' }, { exceptions }),
    ).objects.length === 0;

  it('is about its object alone, whatever characters its name has', () => {
    // Names of RBAC objects: all but slashes, per cent signs and dots alone.
    const names = fc
      .string({
        unit: fc.constantFrom(...'ab-.:*?[]{}!()+@|^$ ,#&\'"~'.split('')),
        minLength: 1,
        maxLength: 12,
      })
      .filter((name) => !/^\.\.?$/.test(name));
    fc.assert(
      fc.property(names, names, (name, other) => {
        const { exceptions } = parse(exceptionsYaml(drafted(name))) as { exceptions: Exception[] };
        expect(isCovered(exceptions, name)).toBe(true);
        expect(isCovered(exceptions, other)).toBe(name === other);
        expect(isCovered(exceptions, `${name}x`)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it.each(['a\\b', '*\\b', '\\[', '?\\:'])('covers the name %s', (name) => {
    expect(isCovered(drafted(name), name)).toBe(true);
    expect(isCovered(drafted(name), `${name}x`)).toBe(false);
  });

  it('covers an object of whose name a part was redacted', () => {
    const exceptions = drafted('deploy-[redacted]');
    expect(exceptions[0]?.match.name).toBe('deploy-*');
    expect(isCovered(exceptions, 'deploy-AKIA')).toBe(true);
  });

  it.each([
    ['orders', ['orders-7f9c-x7k2p', 'orders-7f9c-b5d4c'], ['orders-*']],
    // Of a controller that gives its own names.
    ['pg', ['db'], ['db']],
    ['gone', ['orphan', 'job-x7k2p', 'job-b5d4c', 'web-0'], ['job-*', 'orphan', 'web-*']],
    ['', ['web-x7k2p'], ['web-*']],
  ])('for what %j makes is about nothing else of that kind: %j', (name, names, expected) => {
    const exceptions = draftExceptions(
      [
        {
          object: { apiVersion: 'foo.io/v1', kind: 'Cluster', namespace: 'shop', name },
          makes: { kind: 'Pod', names },
          owner: '',
          profile: 'production',
          newly: true,
          findings: [],
        },
      ],
      [],
      answering,
    );
    expect(exceptions.map(({ match }) => match)).toEqual(
      expected.map((made) => ({ namespace: 'shop', kind: 'Pod', name: made })),
    );
  });
});
