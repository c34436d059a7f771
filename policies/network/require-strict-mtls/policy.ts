import { customKind, definePolicy, entries, property, text, type KubernetesObject } from '#sdk';
import { z } from 'zod';

/** As far as this policy reads them; what stands in them is looked at as it comes. */
interface MeshObject extends KubernetesObject {
  readonly spec?: unknown;
}

const linkerd = { group: 'policy.linkerd.io', namespaced: true };
const kinds = [
  customKind<MeshObject>({
    group: 'security.istio.io',
    versions: ['v1', 'v1beta1'],
    kind: 'PeerAuthentication',
    resource: 'peerauthentications',
    namespaced: true,
  }),
  customKind<MeshObject>({
    ...linkerd,
    versions: ['v1beta3', 'v1beta2', 'v1beta1', 'v1alpha1'],
    kind: 'Server',
    resource: 'servers',
  }),
  customKind<MeshObject>({
    ...linkerd,
    versions: ['v1beta1', 'v1alpha1'],
    kind: 'ServerAuthorization',
    resource: 'serverauthorizations',
  }),
] as const;

/** Modes of Istio that take plain text. UNSET, as no mode, is what the namespace or the mesh says. */
const plainModes: ReadonlySet<unknown> = new Set(['PERMISSIVE', 'DISABLE']);
/** `audit` lets through what it would have denied. */
const plainPolicies: ReadonlySet<unknown> = new Set([
  'all-unauthenticated',
  'cluster-unauthenticated',
  'audit',
]);

export default definePolicy({
  id: 'require-strict-mtls',
  category: 'network',
  title: 'Require mutual TLS in the mesh',
  severity: 'high',
  target: 'object',
  kinds,
  profiles: {},
  params: z.strictObject({
    allowedPorts: z
      .array(z.int().min(1).max(65_535))
      .default([])
      .describe('Ports that may take plain text, such as one for health checks or metrics'),
  }),
  messages: {
    mode: 'The PeerAuthentication {name} takes plain text: its mode is {mode}.',
    port: 'The PeerAuthentication {name} takes plain text on port {port}: its mode is {mode}.',
    accessPolicy:
      'The Server {name} takes plain text from whoever is not authorized: its accessPolicy is {policy}.',
    unauthenticated: 'The ServerAuthorization {name} lets clients in without TLS.',
  },
  why: 'Where plain text is taken, any pod on the network can speak to the workload under no name, and the rules of the mesh that ask for one do not hold.',
  remediation: {
    mode: 'Set spec.mtls.mode to STRICT.',
    port: 'Set the mode of the port to STRICT, or list the port in allowedPorts.',
    accessPolicy: 'Set spec.accessPolicy to deny, all-authenticated or cluster-authenticated.',
    unauthenticated: 'Name the clients in spec.client.meshTLS.',
  },
  references: [
    'https://istio.io/latest/docs/reference/config/security/peer_authentication/',
    'https://linkerd.io/2/reference/authorization-policy/',
  ],
  validate({ object, kind, at }, { params, report }) {
    const { spec } = object;
    if (kind.kind === 'Server') {
      const policy = property(spec, 'accessPolicy');
      if (!plainPolicies.has(policy)) return;
      report({
        message: 'accessPolicy',
        at: at('spec', 'accessPolicy'),
        data: { policy: text(policy) ?? '' },
      });
    } else if (kind.kind === 'ServerAuthorization') {
      if (property(property(spec, 'client'), 'unauthenticated') !== true) return;
      report({ message: 'unauthenticated', at: at('spec', 'client', 'unauthenticated') });
    } else {
      const mode = property(property(spec, 'mtls'), 'mode');
      if (plainModes.has(mode)) {
        report({ message: 'mode', at: at('spec', 'mtls', 'mode'), data: { mode: text(mode) ?? '' } });
      }
      for (const [port, value] of entries(property(spec, 'portLevelMtls'))) {
        const own = property(value, 'mode');
        if (!plainModes.has(own) || params.allowedPorts.includes(Number(port))) continue;
        const data = { port, mode: text(own) ?? '' };
        report({ message: 'port', at: at('spec', 'portLevelMtls', port, 'mode'), data });
      }
    }
  },
});
