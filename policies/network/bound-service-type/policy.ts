import { definePolicy, list, matchesName, text } from '#sdk';
import { z } from 'zod';

const services = (what: string) =>
  z
    .array(
      z
        .string()
        .regex(/^(?:[^*/]+\*?|\*)\/(?:[^*/]+\*?|\*)$/, 'expected namespace/name, each of which may end in *'),
    )
    .default([])
    .describe(`Services that may be of type ${what}, as namespace/name; each may end in *`);

/** Loopback, private and link-local addresses: RFC 1122, 1918 and 3927. */
const innerAddress = /^(?:0|10|127|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168)(?:\.\d{1,3}){1,3}$/;

export default definePolicy({
  id: 'bound-service-type',
  category: 'network',
  title: 'Bound which Services open the cluster',
  severity: 'medium',
  target: 'object',
  kinds: ['Service'],
  profiles: { production: 'warn' },
  params: z.strictObject({
    allowedNodePorts: services('NodePort'),
    allowedLoadBalancers: services('LoadBalancer'),
    clusterDomain: z.string().min(1).default('cluster.local').describe('The DNS domain of the cluster'),
  }),
  messages: {
    nodePort: 'The Service {name} opens a port on every node, past Ingress and its TLS.',
    loadBalancer: 'The Service {name} asks for a load balancer of its own, past Ingress and its TLS.',
    externalIPs:
      'The Service {name} takes the traffic to its externalIPs, and nobody checks that those addresses are its own.',
    externalName: 'The Service {name} is another name for {host}, inside the cluster.',
  },
  why: 'Every such Service is a door of its own: without the certificates, the logs and the limits of the one that is watched.',
  remediation: {
    nodePort: 'Use type ClusterIP behind an Ingress or Gateway, or list the Service in allowedNodePorts.',
    loadBalancer:
      'Use type ClusterIP behind an Ingress or Gateway, or list the Service in allowedLoadBalancers.',
    externalIPs: 'Take out spec.externalIPs, and use a load balancer or an Ingress.',
    externalName:
      'Let clients call {host} themselves: by this name a proxy leads them past the rules of the namespace it lies in.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types',
    'https://kubernetes.io/docs/concepts/services-networking/service/#externalname',
    'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#denyserviceexternalips',
  ],
  validate({ object, namespace, name, at }, { params, report }) {
    const { spec } = object;
    if (list(spec?.externalIPs).length > 0) report({ message: 'externalIPs', at: at('spec', 'externalIPs') });
    const place = at('spec', 'type');
    if (spec?.type === 'NodePort') {
      if (!isListed(namespace, name, params.allowedNodePorts)) report({ message: 'nodePort', at: place });
    } else if (spec?.type === 'LoadBalancer') {
      if (!isListed(namespace, name, params.allowedLoadBalancers))
        report({ message: 'loadBalancer', at: place });
    } else if (spec?.type === 'ExternalName') {
      const host = text(spec.externalName) ?? '';
      if (!pointsInside(host, params.clusterDomain)) return;
      report({ message: 'externalName', at: at('spec', 'externalName'), data: { host } });
    }
  },
});

function isListed(namespace: string | undefined, name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const slash = pattern.indexOf('/');
    // A manifest that names no namespace goes somewhere: only * is sure to be there.
    return (
      matchesName(namespace ?? '', [pattern.slice(0, slash)]) && matchesName(name, [pattern.slice(slash + 1)])
    );
  });
}

function pointsInside(externalName: string, clusterDomain: string): boolean {
  const host = externalName.endsWith('.') ? externalName.slice(0, -1) : externalName;
  const inside = ['localhost', 'svc', clusterDomain];
  return inside.some((domain) => host === domain || host.endsWith(`.${domain}`)) || innerAddress.test(host);
}
