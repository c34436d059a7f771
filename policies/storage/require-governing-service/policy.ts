import {
  definePolicy,
  entries,
  isControlled,
  list,
  matchesMapSelector,
  property,
  text,
  type ObjectMeta,
  type Service,
} from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-governing-service',
  category: 'storage',
  title: 'Require the Service that governs a StatefulSet',
  severity: 'medium',
  target: 'relation',
  kinds: ['StatefulSet'],
  facts: ['Service'],
  profiles: { baseline: 'warn' },
  params: z.strictObject({}),
  messages: {
    missing:
      'StatefulSet {name} is governed by the Service {service}, and there is none of that name in its namespace.',
    notHeadless: 'StatefulSet {name} is governed by the Service {service}, which is not headless.',
    notSelecting: 'StatefulSet {name} is governed by the Service {service}, which does not select its pods.',
  },
  why: 'The pods of a StatefulSet find each other by names such as db-0.db, and only a headless Service that selects them gives them these: without it a cluster of databases does not form, or forms anew after each restart.',
  remediation: {
    missing: 'Add a Service of that name with clusterIP: None and the labels of the pods as its selector.',
    notHeadless:
      'Make the Service {service} anew with clusterIP: None, and give clients another one with an address, where they need it.',
    notSelecting: 'Give the selector of the Service {service} labels that the pod template has.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id',
    'https://kubernetes.io/docs/concepts/services-networking/service/#headless-services',
    'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/#StatefulSetSpec',
  ],
  validate({ object, namespace, pod, facts, at }, { report }) {
    // An operator makes the Service of its StatefulSet, too, and writes the endpoints as it needs them.
    if (isControlled(object)) return;
    // Without a name there is no identity in the network, which is allowed: the pods have their disks and ordinals.
    const service = text(property(object.spec, 'serviceName')) ?? '';
    if (service === '') return;
    const place = at('spec', 'serviceName');
    const governing = facts.find('Service', service, namespace);
    if (governing === undefined) report({ message: 'missing', at: place, data: { service } });
    else if (!isHeadless(governing)) report({ message: 'notHeadless', at: place, data: { service } });
    else if (!maySelect(governing, pod?.podMetadata.labels))
      report({ message: 'notSelecting', at: place, data: { service } });
  },
});

function isHeadless({ spec }: Service): boolean {
  const addresses: readonly unknown[] = [spec?.clusterIP, ...list(spec?.clusterIPs)];
  return spec?.type !== 'ExternalName' && addresses.includes('None');
}

/** The endpoints of a Service without a selector are somebody else's business. */
function maySelect({ spec }: Service, labels: ObjectMeta['labels']): boolean {
  return entries(spec?.selector).length === 0 || matchesMapSelector(spec?.selector, labels);
}
