import {
  definePolicy,
  hasNamedPort,
  isControlled,
  isServiceOperated,
  labelSelectorOf,
  list,
  listsPort,
  matchesName,
  namePatterns,
  podMakerKinds,
  property,
  records,
  routeKinds,
  selectedWorkloads,
  servicePort,
  text,
  type Facts,
  type Service,
  type ServicePort,
  type WorkloadFact,
} from '#sdk';
import { z } from 'zod';
import { backendsOf } from './backends.ts';

export default definePolicy({
  id: 'require-service-target',
  category: 'network',
  title: 'Require that Services and those who name them lead somewhere',
  severity: 'medium',
  target: 'relation',
  kinds: ['Service', 'Ingress', ...routeKinds],
  facts: ['Service', 'Workload'],
  optionalFacts: podMakerKinds,
  profiles: { baseline: 'warn' },
  params: z.strictObject({
    runtimeLabels: z
      .array(z.string().min(1))
      .default([])
      .describe('Labels that an operator writes on pods, besides those of well-known ones'),
    otherServices: namePatterns
      .default([])
      .describe('Services that an operator makes, which Ingresses and routes may name; with * at the end'),
  }),
  messages: {
    selectsNothing: 'Nothing makes pods that Service {name} selects.',
    unnamedPort:
      'Service {name} sends to a port named {port} ({protocol}), and none of the pods it selects has one.',
    unlistedPort: 'Service {name} sends to port {port}, which none of the pods it selects lists.',
    noService: '{kind} {name} sends requests to Service {service}, and there is none.',
    noPort: '{kind} {name} sends requests to port {port} of Service {service}, which does not have it.',
  },
  why: 'Whatever is sent there is refused or ends with an error 503, and nothing of what was applied says so.',
  remediation: {
    selectsNothing: 'Give spec.selector labels that the pod template of the workload has.',
    unnamedPort:
      'Give the port of the container that name, or write the name or number that it has into targetPort.',
    unlistedPort: 'Write the port that the container listens on into targetPort, or list it in its ports.',
    noService:
      'Name a Service that is there, or add it; where the reference has no namespace, that of the {kind} is meant.',
    noPort: 'Name a port of the Service: the one in port, not the targetPort.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service',
    'https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource',
    'https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref',
  ],
  validate({ object, kind, namespace, facts, at }, { params, report }) {
    // Whoever made it keeps it as it is.
    if (isControlled(object)) return;
    if (kind.kind === 'Service') judgeService(object as Service);
    else judgeBackends();

    function judgeService({ spec }: Service): void {
      const selector = spec?.type === 'ExternalName' ? undefined : labelSelectorOf(spec?.selector);
      if (selector === undefined) return;
      const workloads = selectedWorkloads(selector, namespace, facts, params.runtimeLabels);
      if (workloads === undefined) return;
      if (workloads.length === 0) {
        report({ message: 'selectsNothing', at: at('spec', 'selector') });
        return;
      }
      for (const [index, port] of list(spec?.ports).entries()) {
        const found = problemOf(port, spec?.clusterIP === 'None', workloads);
        if (found === undefined) continue;
        const { problem, field, wanted, protocol } = found;
        const place = at('spec', 'ports', index, field);
        if (problem === 'unlistedPort') report({ message: problem, at: place, data: { port: wanted } });
        else report({ message: problem, at: place, data: { port: wanted, protocol } });
      }
    }

    function judgeBackends(): void {
      for (const { service: name, port, place, portPlace, ...backend } of backendsOf(object)) {
        const home = backend.namespace ?? namespace;
        const found = serviceOf(name, home, namespace, facts);
        if (found === 'unknown' || matchesName(name, params.otherServices)) continue;
        const service = home === undefined || home === namespace ? name : `${home}/${name}`;
        if (found === undefined) report({ message: 'noService', at: at(...place), data: { service } });
        else if (!hasPort(found, port)) {
          const data = { service, port: port.name ?? port.number ?? '' };
          report({ message: 'noPort', at: at(...portPlace), data });
        }
      }
    }
  },
});

interface PortProblem {
  readonly problem: 'unnamedPort' | 'unlistedPort';
  readonly field: 'port' | 'targetPort';
  readonly wanted: string | number;
  readonly protocol: string;
}

function problemOf(
  item: ServicePort | null,
  isHeadless: boolean,
  workloads: readonly WorkloadFact[],
): PortProblem | undefined {
  const targetPort = property(item, 'targetPort') ?? '';
  const isOwn = targetPort !== '' && targetPort !== 0;
  const wanted: unknown = isOwn ? targetPort : property(item, 'port');
  const protocol = text(property(item, 'protocol')) || 'TCP';
  const field = isOwn ? 'targetPort' : 'port';
  if (typeof wanted === 'string') {
    const isNamed = workloads.some(({ podSpec }) => hasNamedPort(podSpec, wanted, protocol));
    return isNamed ? undefined : { problem: 'unnamedPort', field, wanted, protocol };
  }
  // Of a headless Service clients get addresses, and choose the port themselves.
  if (typeof wanted !== 'number' || isHeadless) return undefined;
  const isUnlisted = workloads.every(({ podSpec }) => listsPort(podSpec, wanted) === false);
  return isUnlisted ? { problem: 'unlistedPort', field, wanted, protocol } : undefined;
}

/** Of a namespace of others nothing may be at hand, and of what operators make nothing is: then nobody can tell. */
function serviceOf(
  name: string,
  namespace: string | undefined,
  own: string | undefined,
  facts: Facts,
): Service | 'unknown' | undefined {
  const found = facts.find('Service', name, namespace);
  if (found !== undefined) return found;
  // The API server makes one for itself.
  const isBuiltin = name === 'kubernetes' && namespace === 'default';
  if (isBuiltin || isServiceOperated(name, namespace, facts)) return 'unknown';
  if (namespace === own) return undefined;
  const isKnown = facts.list('Service', namespace).length > 0 || facts.workloads(namespace).length > 0;
  return isKnown ? facts.find('Service', name, undefined) : 'unknown';
}

function hasPort(service: Service, port: { readonly name?: string; readonly number?: number }): boolean {
  // A Service of type ExternalName needs no ports: the name is all there is.
  const isOpen = service.spec?.type === 'ExternalName' && records(service.spec.ports).length === 0;
  return isOpen || servicePort(service, port) !== undefined;
}
