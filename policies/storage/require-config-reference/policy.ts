import {
  definePolicy,
  entries,
  isMadeByOther,
  isMadeByWorkload,
  isMirrorPod,
  list,
  makerKinds,
  matchesName,
  namePatterns,
  property,
  text,
  type ConfigMap,
  type Facts,
  type Secret,
} from '#sdk';
import { z } from 'zod';
import { referencesOf, type Reference } from './references.ts';

/** What Kubernetes, OpenShift and Istio put into every namespace. */
const everywhere: ReadonlySet<string> = new Set([
  'ConfigMap/kube-root-ca.crt',
  'ConfigMap/openshift-service-ca.crt',
  'ConfigMap/istio-ca-root-cert',
]);

export default definePolicy({
  id: 'require-config-reference',
  category: 'storage',
  title: 'Require what a pod refers to',
  severity: 'high',
  target: 'relation',
  kinds: ['Workload'],
  facts: ['ConfigMap', 'Secret', 'PersistentVolumeClaim'],
  optionalFacts: makerKinds,
  profiles: { baseline: 'warn' },
  params: z.strictObject({
    madeElsewhere: namePatterns
      .default([])
      .describe(
        'ConfigMaps, Secrets and claims that exist though nothing here shows it; a name may end in *',
      ),
  }),
  messages: {
    missing: '{kind} {name} needs the {target} {reference}, and there is none in its namespace.',
    missingKey: '{kind} {name} needs the key {key} of the {target} {reference}, which has no such key.',
    pullSecret:
      '{kind} {name} names the Secret {reference} for pulling its images, and there is none in its namespace.',
  },
  // The kubelet pulls without it, and a public image comes all the same.
  onRecord: ['pullSecret'],
  why: 'A pod that needs what is not there is scheduled and never starts: it waits in ContainerCreating or CreateContainerConfigError, often as late as at the next restart.',
  remediation: {
    missing:
      'Add the {target} {reference} to the namespace, correct the name, or set optional: true where the pod can do without.',
    missingKey:
      'Add the key {key} to the {target} {reference}, correct it here, or set optional: true where the pod can do without.',
    pullSecret:
      'Add the Secret {reference} (type kubernetes.io/dockerconfigjson) to the namespace, or take the entry out.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/configuration/configmap/#configmaps-and-pods',
    'https://kubernetes.io/docs/concepts/configuration/secret/#restriction-secret-must-exist',
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes',
  ],
  validate({ object, pod, namespace, facts }, { params, report }) {
    if (pod === undefined || isMadeByWorkload(object) || isMirrorPod(object)) return;
    // One thing that is missing is one finding, however often the pod names it.
    const said = new Set<string>();
    const isNew = (...words: readonly string[]): boolean => said.size < said.add(JSON.stringify(words)).size;
    for (const reference of referencesOf(pod)) {
      const { target, name, key, at } = reference;
      if (matchesName(name, params.madeElsewhere) || everywhere.has(`${target}/${name}`)) continue;
      const state = stateOf(facts, reference, namespace);
      if (state === 'missing' && isNew(target, name))
        report({ message: 'missing', at, data: { target, reference: name } });
      else if (key !== undefined && state === 'without the key' && isNew(target, name, key))
        report({ message: 'missingKey', at, data: { target, reference: name, key } });
    }
    list(pod.podSpec.imagePullSecrets).forEach((secret, index) => {
      const name = text(property(secret, 'name')) ?? '';
      if (name === '' || matchesName(name, params.madeElsewhere)) return;
      if (stateOf(facts, { target: 'Secret', name, key: undefined }, namespace) === 'missing')
        report({
          message: 'pullSecret',
          at: pod.at('imagePullSecrets', index, 'name'),
          data: { reference: name },
        });
    });
  },
});

function stateOf(
  facts: Facts,
  { target, name, key }: Pick<Reference, 'target' | 'name' | 'key'>,
  namespace: string | undefined,
): 'missing' | 'without the key' | 'fine' {
  const object = facts.find(target, name, namespace);
  if (object !== undefined && (key === undefined || hasKey(object, key))) return 'fine';
  if (isMadeByOther(facts, target, name, namespace)) return 'fine';
  return object === undefined ? 'missing' : 'without the key';
}

function hasKey(object: ConfigMap & Secret, key: string): boolean {
  const values = [object.data, object.binaryData, object.stringData];
  if (values.some((some) => property(some, key) !== undefined)) return true;
  // A manifest without any is a place for a controller to write to; in a cluster it would have done so.
  return object.metadata?.uid == null && values.every((some) => entries(some).length === 0);
}
