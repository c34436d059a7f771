import type { Policy } from '#sdk';
import type { PolicyFolder } from './fixtures.ts';
import { canary } from './checks/canary.ts';
import { containerClasses } from './checks/container-classes.ts';
import { recordedFindings } from './checks/findings.ts';
import { fixtureSet } from './checks/fixture-set.ts';
import { fixes } from './checks/fixes.ts';
import { hostileObjectsPass, longTextsPass, mutantsPass } from './checks/hostile.ts';
import { metadata } from './checks/metadata.ts';
import { policyOrder } from './checks/order.ts';
import { realFixtures } from './checks/real-fixtures.ts';
import { workloadKinds } from './checks/workload-kinds.ts';

/** Looks at one policy with all that is written about it and says what is wrong; the library is all there is. */
export type Check = (folder: PolicyFolder, library: readonly Policy[]) => readonly string[];

const all: Readonly<Record<string, Check>> = {
  'says all about itself': metadata,
  'shows what passes, every message and every fix': fixtureSet,
  'finds what its fixtures and examples record, and nothing else': recordedFindings,
  'has fixtures that Kubernetes would take': realFixtures,
  'says the same whatever the order of policies': policyOrder,
  'fixes what it promises to, once, and breaks nothing': fixes,
  'says the same of a pod in every kind of workload': workloadKinds,
  'looks at the classes of containers it declares': containerClasses,
  'neither throws nor stalls on hostile objects': hostileObjectsPass,
  'neither throws nor stalls on mutated fixtures': mutantsPass,
  'neither throws nor stalls on long texts': longTextsPass,
  'lets no value out': canary,
};

/** What every policy has to stand, by the sentence that holds when nothing is objected to. */
export const checks: Readonly<Record<string, Check>> = Object.fromEntries(
  Object.entries(all).map(([name, check]) => [
    name,
    (folder, library) => {
      try {
        return check(folder, library);
      } catch (error) {
        return [`the check cannot go on: ${String(error)}`];
      }
    },
  ]),
);
