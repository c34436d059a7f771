import { definePolicy, isControlled, property, text } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-immutable-config',
  category: 'secrets',
  title: 'Require configuration that does not change in place',
  severity: 'low',
  target: 'object',
  kinds: ['ConfigMap', 'Secret'],
  profiles: {},
  params: z.strictObject({}),
  messages: { mutable: '{kind} {name} may change under the pods that use it.' },
  why: 'A ConfigMap that is edited in place reaches some pods at once, others with their next restart, and has no rollout that could be taken back.',
  remediation:
    'Set immutable: true and change the name with the content, as a configMapGenerator or secretGenerator of Kustomize does.',
  references: ['https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable'],
  validate({ object, name, at }, { report }) {
    if (object.immutable === true || hashed.test(name) || name === 'kube-root-ca.crt') return;
    // Tokens, releases and what an operator keeps are not for people to name.
    const type = text(property(object, 'type')) ?? '';
    if (isControlled(object) || /^(?:kubernetes\.io\/service-account-token|helm\.sh\/)/.test(type)) return;
    // cert-manager owns the Secrets it renews only where it is told to.
    if (property(object.metadata?.annotations, 'cert-manager.io/certificate-name') !== undefined) return;
    report({ message: 'mutable', at: at('immutable') });
  },
});

/**
 * A name with the hash of its content, as Kustomize writes it: ten characters without vowels and 0, 1, 3
 * (sigs.k8s.io/kustomize/api/hasher). Words do not look like that.
 */
const hashed = /-[24-9bcdfghkmt]{10}$/;
