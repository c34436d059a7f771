import { describe, expect, it } from 'vitest';
import { builtinKinds, type KindInfo } from '#sdk';
import { coverageLog } from '../../src/audit/coverage-log.ts';
import { refusal } from '../../src/cluster/cluster-error.ts';

const { Pod, Deployment, Secret } = builtinKinds;

function errorsOf(refused: readonly KindInfo[], namespace?: string): readonly string[] {
  const log = coverageLog();
  for (const kind of refused) {
    const target = kind.group === '' ? kind.resource : `${kind.resource}.${kind.group}`;
    const asked = { verb: 'list', target, server: 'https://api', namespace };
    const answer = { message: 'User "ops" cannot list resource' };
    // For facts, and for verdicts.
    for (let time = 0; time < 2; time++) log.fail(kind, 'v1', refusal(asked, 403, answer, false));
  }
  expect(log.kinds().every(({ state }) => state === 'forbidden')).toBe(true);
  return log.errors().map(({ message }) => message);
}

describe('what may not be listed', () => {
  it('is one error, with all the rights that are missing and what prints them', () => {
    expect(errorsOf([Secret, Deployment, Pod])).toEqual([
      'https://api: not allowed to list 3 kinds (403): ops needs a ClusterRole with the verb list on deployments.apps, pods, secrets; daygate render --rbac audit prints one with all that an audit needs, and its binding',
    ]);
  });

  it('in one namespace needs a Role there', () => {
    expect(errorsOf([Secret, Pod], 'shop')).toEqual([
      'https://api: not allowed to list 2 kinds of namespace shop (403): ops needs a Role with the verb list on pods, secrets; daygate render --rbac audit-namespace -n shop prints one with all that an audit needs, and its binding',
    ]);
  });

  it('is told in full where it is one kind', () => {
    expect(errorsOf([Secret])).toEqual([
      'https://api: not allowed to list secrets (403): ops needs a ClusterRole with the verb list on secrets; kubectl auth can-i list secrets --all-namespaces --as ops tells whether it has; daygate render --rbac audit prints one with all that an audit needs, and its binding',
    ]);
  });
});
