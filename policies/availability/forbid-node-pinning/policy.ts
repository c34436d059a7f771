import { definePolicy, isControlled, isMirrorPod, list, nodeOfAffinity, property } from '#sdk';
import { z } from 'zod';

const hostname = 'kubernetes.io/hostname';

export default definePolicy({
  id: 'forbid-node-pinning',
  category: 'availability',
  title: 'Forbid pinning to one node',
  severity: 'medium',
  target: 'podSpec',
  profiles: { production: 'warn' },
  params: z.strictObject({}),
  messages: {
    nodeName: '{kind} {name} names the node {node} to run on, which passes the scheduler by.',
    nodeSelector: '{kind} {name} can run on the one node {node} only (nodeSelector).',
    nodeAffinity: '{kind} {name} can run on the one node {node} only (nodeAffinity).',
  },
  why: 'Pods that can run on one machine only are down while it is drained, replaced or broken, however many replicas there are; with nodeName the scheduler does not even ask whether they fit.',
  remediation: {
    nodeName: 'Remove nodeName, and select nodes by what the pods need of them: architecture, disk, pool.',
    nodeSelector:
      'Select nodes by what the pods need of them (architecture, disk, pool) instead of kubernetes.io/hostname.',
    nodeAffinity:
      'Require what the pods need of a node (architecture, disk, pool) instead of its name, or name several nodes.',
  },
  references: ['https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/'],
  validate({ podSpec, workload, runsToCompletion, at }, { report }) {
    const { nodeName, nodeSelector } = podSpec;
    // The controller of DaemonSets gives each of its pods a node; kubectl debug and maintenance Jobs mean one.
    if (runsToCompletion || isControlled(workload.object) || isMirrorPod(workload.object)) return;
    if (typeof nodeName === 'string' && nodeName !== '' && !isBound(workload.object)) {
      report({ message: 'nodeName', at: at('nodeName'), data: { node: nodeName } });
    }
    const selected = property(nodeSelector, hostname);
    if (typeof selected === 'string') {
      report({ message: 'nodeSelector', at: at('nodeSelector', hostname), data: { node: selected } });
    }
    const node = nodeOfAffinity(podSpec);
    if (node === undefined) return;
    const place = at('affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution');
    report({ message: 'nodeAffinity', at: place, data: { node } });
  },
});

/** A Pod that has been scheduled carries its node's name, whoever chose it; a new one has no conditions yet. */
function isBound(object: object): boolean {
  return (
    list(property(property(object, 'status'), 'conditions') as readonly unknown[] | undefined).length > 0
  );
}
