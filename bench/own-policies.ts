/** Policies as a team writes them, which run in the sandbox's process. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ownPolicy = (id: string): string => `
import { definePolicy } from 'daygate/sdk';
import { z } from 'zod';
export default definePolicy({
  id: '${id}', category: 'labels', title: 'Require labels', severity: 'low', target: 'object',
  kinds: ['Workload'], profiles: { production: 'deny' }, params: z.strictObject({}), messages: { missing: 'no labels' },
  why: '', remediation: '', references: [],
  validate({ object, at }, { report }) {
    if (object.metadata?.labels === undefined) report({ message: 'missing', at: at('metadata', 'labels') });
  },
});
`;

/** Makes a folder with so many policies, all of which let the pods of `reviews.ts` pass. */
export function writeOwnPolicies(folder: string, count: number): void {
  mkdirSync(folder, { recursive: true });
  for (let number = 1; number <= count; number++) {
    const id = `require-labels-object-${number}`;
    writeFileSync(join(folder, `${id}.ts`), ownPolicy(id));
  }
}
