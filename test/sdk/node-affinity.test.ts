import { describe, expect, it } from 'vitest';
import { isTiedToNode, type PodSpec } from '#sdk';

const hostname = 'kubernetes.io/hostname';

function required(...values: string[]): PodSpec {
  const nodeSelectorTerms = [{ matchExpressions: [{ key: hostname, operator: 'In', values }] }];
  return {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  };
}

function beside(topologyKey: string): PodSpec {
  const terms = [{ labelSelector: { matchLabels: { app: 'web' } }, topologyKey }];
  return { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } } };
}

describe('isTiedToNode', () => {
  const cases: readonly (readonly [string, PodSpec, boolean])[] = [
    ['nothing', {}, false],
    ['the name of a node', { nodeName: 'worker-3' }, true],
    ['no name', { nodeName: '' }, false],
    ['a selector of one node', { nodeSelector: { [hostname]: 'worker-3' } }, true],
    ['a selector of some nodes', { nodeSelector: { 'kubernetes.io/arch': 'arm64' } }, false],
    ['an affinity to one node', required('worker-3'), true],
    ['an affinity to two nodes', required('worker-3', 'worker-4'), false],
    ['the node of other pods', beside(hostname), true],
    ['the zone of other pods', beside('topology.kubernetes.io/zone'), false],
    ['what is no affinity', { affinity: { podAffinity: null, nodeAffinity: null } }, false],
  ];
  it.each(cases)('knows %s', (_, podSpec, tied) => {
    expect(isTiedToNode(podSpec)).toBe(tied);
  });
});
