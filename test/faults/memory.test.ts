/** The limit of memory that deploy/install.yaml sets, beside what daygate takes with policies of a team's own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { largeBodies } from '../../bench/memory.ts';
import { writeOwnPolicies } from '../../bench/own-policies.ts';
import { policies } from '../../policies/index.ts';
import { parseQuantity, quantityToNumber } from '../../src/sdk/quantity.ts';
import { peakOf, serveCommand, type ServedCommand } from './served-command.ts';
import { fullSpeed, reviewsFrom } from './steady-load.ts';

const repository = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'daygate-faults-'));
let server: ServedCommand;

/** MiB, as installed. */
function memoryLimit(): number {
  const text = readFileSync(join(repository, 'deploy/install.yaml'), 'utf8');
  const deployment = parseAllDocuments(text).find((document) => document.get('kind') === 'Deployment');
  const container = ['spec', 'template', 'spec', 'containers', 0];
  const limit = parseQuantity(deployment?.getIn([...container, 'resources', 'limits', 'memory']));
  if (limit === undefined) throw new Error('deploy/install.yaml sets no limit of memory');
  return quantityToNumber(limit) / 2 ** 20;
}

beforeAll(async () => {
  writeOwnPolicies(folder, 200 - policies.length);
  server = await serveCommand({ flags: ['--policies', folder] });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('with 200 policies the limit of memory that ships', () => {
  const limit = memoryLimit();

  it('is twice what mixed reviews at full speed take, at least', async () => {
    const { calls, failures } = await fullSpeed(reviewsFrom(server.client), 5);
    const peak = peakOf(server.child.pid ?? 0);
    process.stdout.write(`${calls} mixed reviews at full speed: ${peak.toFixed(0)} of ${limit} MiB\n`);
    expect(failures).toEqual([]);
    expect(peak).toBeLessThanOrEqual(limit / 2);
  });

  it('holds 40 bodies of 6 MiB at once', async () => {
    const answers = await largeBodies(server, 40);
    const peak = peakOf(server.child.pid ?? 0);
    process.stdout.write(`40 bodies of 6 MiB: ${peak.toFixed(0)} of ${limit} MiB; ${answers}\n`);
    expect(peak).toBeLessThanOrEqual(limit);
  });
});
