import { isRecord } from './json.ts';
import type { Service } from './kubernetes.ts';
import type { Labels } from './label-selector.ts';
import { labelSelectorOf } from './pod-selection.ts';
import { rememberOf } from './remember.ts';
import { indexSelectors } from './selector-index.ts';
import type { Facts } from './subjects.ts';

/**
 * The Services of a namespace that send to pods with these labels. One of type ExternalName sends to none. Never throws.
 *
 * Source: https://kubernetes.io/docs/concepts/services-networking/service/
 *
 * @example servicesSelecting(pod.podMetadata.labels, facts, namespace).length > 0
 */
export function servicesSelecting(
  labels: Labels,
  facts: Facts,
  namespace: string | undefined,
): readonly Service[] {
  return bySelector(facts.list('Service', namespace))(isRecord(labels) ? labels : unlabelled);
}

const unlabelled = {};

const bySelector = rememberOf((services: readonly Service[]) => {
  const selecting = indexSelectors(
    services.flatMap((service) => {
      const selector = labelSelectorOf(service.spec?.selector);
      return selector === undefined || service.spec?.type === 'ExternalName'
        ? []
        : [[selector, service] as const];
    }),
  );
  // Many workloads may have the same labels, and several policies ask for the same pods.
  const found = new Map<string, readonly Service[]>();
  return rememberOf((labels: NonNullable<Labels>): readonly Service[] => {
    const written = JSON.stringify(labels);
    const known = found.get(written) ?? [...selecting(labels)];
    found.set(written, known);
    return known;
  });
});
