import { isRecord, records, type ContainerClass, type Policy } from '#sdk';
import { defaultContainers } from '../../engine/plans.ts';
import type { Fixture, PolicyFolder } from '../fixtures.ts';
import { findingsOf, podOf, templateOf, type PodTemplate } from './workload-kinds.ts';

type Item = Readonly<Record<string, unknown>>;

const fields: Readonly<Record<ContainerClass, string>> = {
  app: 'containers',
  init: 'initContainers',
  sidecar: 'initContainers',
  ephemeral: 'ephemeralContainers',
};
const classes = Object.keys(fields) as readonly ContainerClass[];

/** A container gets the same findings in every class the policy declares, and none in the others. */
export function containerClasses({ policy, fixtures }: PolicyFolder): readonly string[] {
  if (policy.target !== 'container') return [];
  return fixtures.flatMap((fixture) =>
    fixture.documents.flatMap((object) => {
      const template = templateOf(object);
      if (template === undefined) return [];
      const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((field) =>
        records(template.spec[field] as Item[] | undefined),
      );
      return containers.flatMap((container) =>
        containerObjections(policy, fixture, template, container).map((words) => `${fixture.name}: ${words}`),
      );
    }),
  );
}

function containerObjections(
  policy: Policy,
  fixture: Fixture,
  template: PodTemplate,
  container: Item,
): readonly string[] {
  const declared = policy.containers ?? defaultContainers;
  const [first] = declared;
  if (first === undefined) return ['the policy looks at no class of containers'];
  const wanted = findingsIn(first, policy, fixture, template, container);
  return classes.flatMap((name) => {
    const found = findingsIn(name, policy, fixture, template, container);
    if (!declared.includes(name))
      return found.length === 0
        ? []
        : [`it does not declare ${name} containers, and finds ${found.join(', ')}`];
    if (JSON.stringify(found) === JSON.stringify(wanted)) return [];
    const lists = [found, wanted].map((list) => (list.length === 0 ? 'nothing' : list.join(', ')));
    return [`it declares ${name} containers, and finds ${lists.join(' there, but ')} in class ${first}`];
  });
}

/** The findings of one container once it was moved to a class, without the place it has there. */
function findingsIn(
  name: ContainerClass,
  policy: Policy,
  fixture: Fixture,
  template: PodTemplate,
  container: Item,
): readonly string[] {
  const field = fields[name];
  const spec: Record<string, unknown> = { ...template.spec };
  for (const list of new Set(Object.values(fields))) {
    if (Array.isArray(spec[list]))
      spec[list] = (spec[list] as unknown[]).filter((item) => item !== container);
  }
  const { restartPolicy, ...rest } = container;
  // Always makes a sidecar of an init container; other values are for the containers they were written for.
  const own = restartPolicy === undefined || restartPolicy === 'Always' ? rest : container;
  const moved = { ...own, name: 'moved', ...(name === 'sidecar' ? { restartPolicy: 'Always' } : {}) };
  spec[field] = [...records(spec[field] as Item[] | undefined).filter(isRecord), moved];
  const place = `spec.${field}[moved]`;
  return findingsOf(policy, fixture, podOf({ ...template, spec }))
    .filter((finding) => finding.includes(place))
    .map((finding) => finding.replace(place, '…'));
}
