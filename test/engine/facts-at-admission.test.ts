import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePolicy, type KubernetesObject, type Policy } from '#sdk';
import { judge } from '../../src/engine/judge.ts';
import { watchedKinds } from '../../src/engine/kinds-read.ts';
import type { Review } from '../../src/engine/review.ts';
import { rulesFor } from '../../src/engine/rbac.ts';
import { webhookConfigurations } from '../../src/engine/webhooks.ts';
import { factsOf } from '../../src/facts/facts-of.ts';
import { compiled, now } from './compile-test-settings.ts';

const shape = {
  category: 'availability', title: 'x', severity: 'high', profiles: { production: 'deny' }, params: z.strictObject({}),
  why: '', remediation: '', references: [],
} as const; // prettier-ignore

const requireBudget = definePolicy({
  ...shape,
  id: 'require-budget',
  target: 'relation',
  kinds: ['StatefulSet'],
  facts: ['PodDisruptionBudget'],
  messages: { missing: 'no budget' },
  validate({ facts, namespace, at }, { report }) {
    if (facts.list('PodDisruptionBudget', namespace).length === 0) report({ message: 'missing', at: at('spec') });
  },
}); // prettier-ignore

/** Denies one replica whatever is known, and two where an autoscaler is known. */
const requireReplicas = definePolicy({
  ...shape,
  id: 'require-some',
  target: 'object',
  kinds: ['StatefulSet'],
  optionalFacts: ['HorizontalPodAutoscaler'],
  messages: { few: 'few', scaled: 'scaled' },
  validate({ object, facts, namespace, at }, { report }) {
    const replicas = (object.spec as { replicas?: number }).replicas ?? 1;
    const scaled = facts?.has('HorizontalPodAutoscaler') === true && facts.list('HorizontalPodAutoscaler', namespace).length > 0;
    if (scaled && replicas < 3) report({ message: 'scaled', at: at('spec', 'replicas') });
    else if (replicas < 2) report({ message: 'few', at: at('spec', 'replicas') });
  },
}); // prettier-ignore

const requireKey = definePolicy({
  ...shape,
  id: 'require-key',
  target: 'relation',
  kinds: ['DaemonSet'],
  facts: ['Secret', 'ConfigMap'],
  optionalFacts: ['PersistentVolumeClaim'],
  messages: { missing: 'x' },
  validate: () => undefined,
});

const library: readonly Policy[] = [requireBudget, requireReplicas, requireKey];
const autoscaler = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web', namespace: 'shop' },
};

function review(replicas: number, known: readonly KubernetesObject[] | undefined): Review {
  const object = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { replicas },
  };
  const facts = known && factsOf(known.map((one) => ({ object: one, namespace: 'shop' })), []); // prettier-ignore
  return { operation: 'CREATE', object, namespace: 'shop', profile: 'production', now, facts };
}

/** `action leniency policy`, as admission decides. */
function atAdmission(replicas: number, known?: readonly KubernetesObject[]): readonly string[] {
  const { findings } = judge(compiled({}, {}, library), review(replicas, known), { factsLag: true });
  return findings.map(({ action, leniency = '-', policy }) => `${action} ${leniency} ${policy}`);
}

describe('facts that lag behind', () => {
  it('deny nothing by themselves: what is missing may be on its way', () => {
    expect(atAdmission(3, [])).toEqual(['warn late-facts require-budget']);
    const complete = judge(compiled({}, {}, library), review(3, []));
    expect(complete.findings).toMatchObject([{ action: 'deny', policy: 'require-budget' }]);
  });

  it('leave a denial alone that stands without them, whatever it is called with them', () => {
    expect(atAdmission(1)).toEqual(['deny - require-some']);
    expect(atAdmission(1, [])).toContain('deny - require-some');
    expect(atAdmission(1, [autoscaler])).toContain('deny - require-some');
  });

  it('add no denial where a policy says nothing without them', () => {
    expect(atAdmission(2)).toEqual([]);
    expect(atAdmission(2, [autoscaler])).toContain('warn late-facts require-some');
  });
});

describe('what is asked of the API server', () => {
  type Rules = readonly { readonly resources: readonly string[] }[];
  const rules = (facts: 'none' | 'cluster', policies: readonly Policy[]): readonly string[] => {
    const configurations = webhookConfigurations(compiled({ facts }, {}, policies)) as {
      webhooks: { name: string; rules: Rules }[];
    }[];
    return configurations.flatMap(({ webhooks }) =>
      webhooks.flatMap(({ name, rules: own }) => own.flatMap(({ resources }) => `${name} ${resources.join()}`)),
    ); // prettier-ignore
  };

  it('is no review that only policies look at which would be skipped', () => {
    expect(rules('none', [requireBudget])).toEqual([]);
    expect(rules('none', [requireReplicas])).toEqual(['production.enforce.daygate.dev statefulsets', 'restricted.enforce.daygate.dev statefulsets']); // prettier-ignore
  });

  it('goes to the webhook that never blocks where only facts decide', () => {
    expect(rules('cluster', [requireBudget])).toEqual(['production.advise.daygate.dev statefulsets', 'restricted.advise.daygate.dev statefulsets']); // prettier-ignore
    expect(rules('cluster', library)).toEqual(rules('none', [requireReplicas]));
  });

  it('is to be told of the kinds that policies name, and never of Secrets or for those that need them', () => {
    const kinds = (policies: readonly Policy[]): readonly string[] =>
      watchedKinds(compiled({ facts: 'cluster' }, {}, policies)).map(({ kind }) => kind);
    expect(kinds(library)).toEqual(['HorizontalPodAutoscaler', 'PodDisruptionBudget']);
    const optional = { ...requireKey, facts: ['ConfigMap'], optionalFacts: ['Secret'] } as const;
    expect(kinds([optional])).toEqual(['ConfigMap']);
    const makers = kinds([{ ...requireBudget, facts: ['Workload'] }]);
    expect(makers).toEqual(expect.arrayContaining(['Pod', 'ReplicaSet', 'CronJob']));
    expect(makers).not.toContain('PodTemplate');
  });
});

describe('the rights of an audit', () => {
  it('are about namespaces in any case, for their profiles', () => {
    expect(rulesFor(compiled({}, {}, [requireBudget]), 'audit')).toEqual([
      { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list'] },
      { apiGroups: ['apps'], resources: ['statefulsets'], verbs: ['get', 'list'] },
      { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: ['get', 'list'] },
      {
        apiGroups: ['admissionregistration.k8s.io'],
        resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
        resourceNames: ['daygate'],
        verbs: ['get'],
      },
    ]);
  });
});
