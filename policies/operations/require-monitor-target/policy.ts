import {
  definePolicy,
  demandedLabels,
  hasNamedPort,
  isControlled,
  labelSelectorOf,
  list,
  listsPort,
  monitorEndpoints,
  podMakerKinds,
  podMonitorKinds,
  property,
  selectedWorkloads,
  serviceMonitorKinds,
  type Facts,
  type Service,
  type WorkloadFact,
} from '#sdk';
import { z } from 'zod';
import { reachOf, selectedPods, selectedServices, type FoundService, type Reach } from './selected.ts';

export default definePolicy({
  id: 'require-monitor-target',
  category: 'operations',
  title: 'Require that monitors select something',
  severity: 'medium',
  target: 'relation',
  kinds: [...serviceMonitorKinds, ...podMonitorKinds],
  facts: ['Service', 'Workload'],
  optionalFacts: podMakerKinds,
  profiles: { baseline: 'warn' },
  params: z.strictObject({
    runtimeLabels: z
      .array(z.string().min(1))
      .default([])
      .describe('Labels that an operator writes on pods and Services, besides those of well-known ones'),
  }),
  messages: {
    noService: 'There is no Service that {kind} {name} selects.',
    noPods: 'Nothing makes pods that {kind} {name} selects.',
    noServicePort: '{kind} {name} scrapes port {port}, and no Service it selects has a port of that name.',
    noContainerPort: '{kind} {name} scrapes port {port}, which no container of the pods it selects lists.',
  },
  why: 'A monitor without targets is no error to Prometheus: nothing is scraped, no alert can fire, and dashboards stay empty.',
  remediation: {
    noService:
      'Give the selector labels that stand in the metadata of the Service, not its selector, and name its namespace in namespaceSelector.',
    noPods:
      'Give the selector labels that the pod template has, and name its namespace in namespaceSelector.',
    noServicePort:
      'Write the name of a port of the Service, not its number; give the port one if it has none.',
    noContainerPort: 'Write the name that the port has in the container, or add the port to the container.',
  },
  references: [
    'https://prometheus-operator.dev/docs/developer/getting-started/',
    'https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor',
  ],
  validate({ object, kind, namespace, facts, at }, { params, report }) {
    const selector = object.spec?.selector;
    // For whatever comes, or kept by whoever made it.
    if (isControlled(object) || selector == null || demandedLabels(selector).length === 0) return;
    const reach: Reach = { selector, ...reachOf(object, kind.namespaced, namespace), ...params };
    const isAboutServices = serviceMonitorKinds.some((one) => one.kind === kind.kind);
    const services = isAboutServices ? selectedServices(reach, facts) : undefined;
    let pods = isAboutServices ? undefined : selectedPods(reach, facts);
    if (isAboutServices ? services?.length === 0 : pods?.length === 0) {
      report({ message: isAboutServices ? 'noService' : 'noPods', at: at('spec', 'selector') });
      return;
    }
    const { field, endpoints } = monitorEndpoints(object);
    // Thousands of Services may be selected, and what is behind them is seldom asked.
    if (endpoints.some((endpoint) => property(endpoint, 'targetPort') != null))
      pods ??= podsBehind(services, facts, params);
    for (const [index, endpoint] of endpoints.entries()) {
      const port = property(endpoint, 'port');
      if (services === undefined) judgeContainerPorts(endpoint, index, ['port', 'portNumber', 'targetPort']);
      else if (typeof port !== 'string' || port === '') judgeContainerPorts(endpoint, index, ['targetPort']);
      else if (!services.some(({ service }) => hasPort(service, port))) {
        report({ message: 'noServicePort', at: at('spec', field, index, 'port'), data: { port } });
      }
    }

    function judgeContainerPorts(endpoint: unknown, index: number, names: readonly string[]): void {
      if (pods === undefined || pods.length === 0) return;
      for (const name of names) {
        const wanted = property(endpoint, name);
        if (isListed(wanted, pods)) continue;
        const data = { port: wanted as string | number };
        report({ message: 'noContainerPort', at: at('spec', field, index, name), data });
      }
    }
  },
});

/** What makes the pods behind Services; undefined where that is not known of each. */
function podsBehind(
  services: readonly FoundService[] | undefined,
  facts: Facts,
  { runtimeLabels }: Pick<Reach, 'runtimeLabels'>,
): readonly WorkloadFact[] | undefined {
  const pods = services?.map(({ service, namespace }) => {
    const selector = labelSelectorOf(service.spec?.selector);
    return selector && selectedWorkloads(selector, namespace, facts, runtimeLabels);
  });
  return pods?.every((found) => found !== undefined) === true ? pods.flat() : undefined;
}

function hasPort({ spec }: Service, wanted: string): boolean {
  return list(spec?.ports).some((port) => property(port, 'name') === wanted);
}

/** A number counts as listed where a container lists nothing. */
function isListed(wanted: unknown, pods: readonly WorkloadFact[]): boolean {
  if (typeof wanted === 'number') return pods.some(({ podSpec }) => listsPort(podSpec, wanted) !== false);
  if (typeof wanted !== 'string' || wanted === '') return true;
  return pods.some(({ podSpec }) => hasNamedPort(podSpec, wanted, 'any'));
}
