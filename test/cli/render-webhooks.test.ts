import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeCa } from '../server/pems.ts';
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

describe('--ca-bundle', async () => {
  const { cert, key } = await makeCa();
  const files = { 'ca.pem': cert, 'both.pem': `${key}\n${cert}`, 'key.pem': key, 'none.pem': '' };
  const bundles = (out: string): readonly (string | undefined)[] =>
    [...out.matchAll(/caBundle: (\S+)$/gm)].map(([, bundle]) => bundle);

  it.each(['ca.pem', 'both.pem'])('takes the certificates of %s and nothing else', async (name) => {
    await inFolder(files, async (folder) => {
      const { code, out } = await runProgram(['render', '--url', 'https://127.0.0.1:1', '--ca-bundle', join(folder, name)]);
      const texts = new Set(bundles(out).map((bundle = '') => Buffer.from(bundle, 'base64').toString()));
      expect([code, [...texts]]).toEqual([0, [`${cert.trim()}\n`]]);
    });
  }); // prettier-ignore

  it.each(['key.pem', 'none.pem'])('refuses %s', async (name) => {
    await inFolder(files, async (folder) => {
      const path = join(folder, name);
      const { code, out, err } = await runProgram(['render', '--ca-bundle', path]);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(`--ca-bundle ${path}: holds no certificate in PEM`);
    });
  });
});
