import {
  listsPort,
  property,
  records,
  remember,
  rememberOf,
  text,
  type Facts,
  type Service,
  type WorkloadFact,
} from '#sdk';
import { selecting, type Selection } from './selection.ts';

/** Labels that name an application or a part of it. What else pods differ in, such as a version, is one application. */
const naming = ['app.kubernetes.io/name', 'app.kubernetes.io/component', 'app', 'k8s-app', 'component'];

/** Ports of one selector. */
const mostPorts = 100;

/** Pods of something else that a Service sends to beside those it is for. */
export interface Stray {
  readonly port: number;
  readonly serving: WorkloadFact;
  readonly stray: WorkloadFact;
}

/**
 * What a Service sends a port to that does not list it, while another application that it selects does. A port that is
 * named goes only to pods that have one of the name.
 */
export function strayOf(service: Service, namespace: string | undefined, facts: Facts): Stray | undefined {
  const selection = selecting(facts.workloads(namespace))(service);
  if (selection.length < 2) return undefined;
  for (const { port, targetPort } of records(service.spec?.ports)) {
    const wanted = targetPort || port;
    const found = typeof wanted === 'number' ? strays(selection)(String(wanted)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Kept, because many Services may have one selector. */
const strays = rememberOf((selection: Selection) =>
  remember(mostPorts, (port): Stray | undefined => {
    const wanted = Number(port);
    const serving = selection.find(([, { podSpec }]) => listsPort(podSpec, wanted) === true)?.[1];
    if (serving === undefined) return undefined;
    const stray = selection.find(
      ([, one]) => listsPort(one.podSpec, wanted) !== true && !isTest(one) && isOther(one, serving),
    )?.[1];
    return stray && { port: wanted, serving, stray };
  }),
);

function isOther(one: WorkloadFact, serving: WorkloadFact): boolean {
  return (
    endsByItself(one) ||
    naming.some((key) => property(one.podMetadata.labels, key) !== property(serving.podMetadata.labels, key))
  );
}

function endsByItself({ podSpec }: WorkloadFact): boolean {
  return podSpec.restartPolicy === 'Never' || podSpec.restartPolicy === 'OnFailure';
}

/** The pod that `helm test` runs carries the labels of the chart. */
function isTest({ object }: WorkloadFact): boolean {
  const hook = text(property(object.metadata?.annotations, 'helm.sh/hook'));
  return hook?.startsWith('test') === true;
}
