import type { Category } from '#sdk';
import { sections, type Practice, type Section } from './sections.ts';

/** Where policies belong that no practice names, those of a team's own too. */
const byCategory: Readonly<Record<Category, string>> = {
  resources: 'capacity',
  autoscaling: 'capacity',
  probes: 'deployment',
  delivery: 'deployment',
  labels: 'operations',
  operations: 'operations',
  secrets: 'secrets',
  schema: 'secrets',
  images: 'security',
  security: 'security',
  rbac: 'security',
  availability: 'replicas',
  storage: 'durability',
  network: 'network',
};

export function isAnsweredBy({ policies, categories }: Practice, policy: PolicyKey): boolean {
  return policies.includes(policy.id) || categories?.includes(policy.category) === true;
}

interface PolicyKey {
  readonly id: string;
  readonly category: Category;
}

/** Positions in `sections` that a policy belongs to: at least one. */
export function sectionsOf(policy: PolicyKey): readonly number[] {
  const named = positions(({ practices }) => practices.some((practice) => isAnsweredBy(practice, policy)));
  return named.length > 0 ? named : positions(({ id }) => id === byCategory[policy.category]);
}

/** Position in `sections` of a dated record, by its name; what no word tells is about operations. */
export function sectionOfRecord(record: string): number {
  const [found] = positions(({ records }) => records?.test(record) === true);
  return found ?? sections.findIndex(({ id }) => id === 'operations');
}

function positions(fits: (section: Section) => boolean): readonly number[] {
  return sections.flatMap((section, index) => (fits(section) ? [index] : []));
}
