import { definePolicy, isControlled, property } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'bound-hpa-replicas',
  category: 'autoscaling',
  title: 'Bound the replicas of an autoscaler',
  severity: 'high',
  target: 'object',
  kinds: ['HorizontalPodAutoscaler'],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({
    min: z.int().min(1).default(2).describe('Fewest replicas that minReplicas may allow'),
    max: z.int().min(1).default(100).describe('Most replicas that maxReplicas may allow'),
    allowZero: z.boolean().default(true).describe('Leave autoscalers alone that may scale to zero'),
  }),
  messages: {
    tooFew: 'HorizontalPodAutoscaler {name} may go down to {replicas} of at least {min} replicas.',
    cannotScale:
      'HorizontalPodAutoscaler {name} cannot scale: its maxReplicas {replicas} is not above its minReplicas {minReplicas}.',
    tooMany: 'HorizontalPodAutoscaler {name} may go up to {replicas} of at most {max} replicas.',
  },
  why: 'At night the minimum is all there is: with one replica a drained node is an outage. And a maximum that nobody has thought about turns a faulty metric into a bill, or cannot be reached when it is needed.',
  remediation: {
    tooFew: 'Set spec.minReplicas to at least {min}.',
    cannotScale: 'Set spec.maxReplicas above spec.minReplicas, or remove the autoscaler and set replicas.',
    tooMany: 'Set spec.maxReplicas to at most {max}.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/',
    'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/',
  ],
  validate({ object, at }, { params, report }) {
    // What KEDA and its like make is as their own objects say, and those can scale to zero by themselves.
    if (isControlled(object)) return;
    const { min, max } = params;
    const minReplicas = property(object.spec, 'minReplicas') ?? 1;
    const replicas = property(object.spec, 'maxReplicas');
    if (typeof minReplicas === 'number') {
      if (minReplicas < min && !(minReplicas === 0 && params.allowZero)) {
        report({ message: 'tooFew', at: at('spec', 'minReplicas'), data: { replicas: minReplicas, min } });
      }
      if (typeof replicas === 'number' && replicas <= minReplicas) {
        report({ message: 'cannotScale', at: at('spec', 'maxReplicas'), data: { replicas, minReplicas } });
      }
    }
    if (typeof replicas === 'number' && replicas > max) {
      report({ message: 'tooMany', at: at('spec', 'maxReplicas'), data: { replicas, max } });
    }
  },
});
