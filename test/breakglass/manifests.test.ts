import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCheck } from '../cli/run-check.ts';

it('deploy/breakglass.yaml passes the restricted profile without exceptions', async () => {
  const { code, out } = await runCheck([join(import.meta.dirname, '../../deploy/breakglass.yaml')], {
    profile: 'restricted',
  });
  expect([code, out]).toEqual([0, '5 objects judged in 1 file: no findings.\n']);
});
