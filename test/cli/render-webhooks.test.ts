import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inFolder } from './run-check.ts';
import { runProgram } from './run-program.ts';

const aboutLeases = `
import { customKind, definePolicy } from 'daygate/sdk';
import { z } from 'zod';
const lease = { group: 'coordination.k8s.io', kind: 'Lease', resource: 'leases', versions: ['v1'], namespaced: true };
export default definePolicy({
  id: 'forbid-lease', category: 'labels', title: 'x', severity: 'low', target: 'object', kinds: [customKind(lease)],
  profiles: { baseline: 'deny' }, params: z.strictObject({}), messages: { any: 'x' }, why: '', remediation: '', references: [],
  validate: () => undefined,
});
`;

it('says which kinds that policies look at no webhook asks about', async () => {
  await inFolder({ 'own/forbid-lease.ts': aboutLeases }, async (folder) => {
    const plain = await runProgram(['render']);
    expect([plain.code, plain.err]).toEqual([0, '']);
    const { code, out, err } = await runProgram(['render', '--policies', join(folder, 'own')]);
    expect([code, err]).toEqual([
      0,
      'daygate: no webhook asks about leases.coordination.k8s.io: a cluster that cannot write these stops. check and audit judge them.\n',
    ]);
    expect(out).toBe(plain.out);
  });
});
