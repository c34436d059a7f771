/** An exception ends at the same moment for the server, for check and for an audit: with the UTC day that it names. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { auditCluster } from '../../src/audit/audit-cluster.ts';
import { check } from '../../src/cli/check.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { compileOrThrow } from '../../src/config/settings-file.ts';
import type { Finding } from '../../src/engine/review.ts';
import { collectedIo } from '../cli/collected-io.ts';
import { inFolder } from '../cli/run-check.ts';
import { start } from '../server/harness.ts';
import { admissionReview } from '../server/reviews.ts';
import { listedCluster } from './listed-cluster.ts';

const day = 86_400_000;
// It ended when this day began: a certificate that is made for a day to come is not valid yet.
const last = new Date(Date.now() - day).toISOString().slice(0, 10);
const end = Date.parse(`${last}T00:00:00Z`) + day;
const settings = JSON.stringify({
  profile: 'production',
  enforcement: 'enforce',
  exceptions: [
    { policies: ['forbid-latest-tag'], match: { name: 'a' }, owner: 'ana', reason: 'test', expires: last },
  ],
});
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'shop' },
  spec: { containers: [{ name: 'app', image: 'app:latest' }] },
};

type Ask = (now: number) => Promise<readonly Finding[]>;

const compiledAt = (now: number) => compileOrThrow(parseSettings(settings, 'test'), policies, { now });

const ask: Readonly<Record<string, Ask>> = {
  server: async (now) => {
    // The server has read its settings long before.
    const compiled = compiledAt(end - 30 * day);
    const server = await start({ compiled: () => compiled, now: () => now });
    try {
      const { response } = (await server.review(admissionReview({ name: 'a', object: pod }))).json();
      return JSON.parse(response?.auditAnnotations?.['findings'] ?? '[]') as Finding[];
    } finally {
      await server.end();
    }
  },
  check: (now) =>
    inFolder({ 'pod.yaml': JSON.stringify(pod), 'daygate.yaml': settings }, async (folder) => {
      const { io, out } = collectedIo(now);
      const options = { settings: join(folder, 'daygate.yaml'), output: ['json'] };
      await check([join(folder, 'pod.yaml')], options, policies, io);
      return (JSON.parse(out()) as { findings: Finding[] }).findings;
    }),
  audit: async (now) => {
    const pods = { group: '', version: 'v1', kind: 'Pod', resource: 'pods', count: 1, at: () => pod };
    const options = {
      cluster: listedCluster([pods]),
      name: 'test',
      compiled: compiledAt(now),
      settings: '',
      now,
    };
    return (await auditCluster({ ...options, pageSize: 500, callsPerSecond: Infinity })).report.findings;
  },
};

it.each(Object.keys(ask))('is in force until then, and no longer: %s', async (mode) => {
  const isExcepted = async (now: number): Promise<boolean> => {
    const found = (await ask[mode]?.(now))?.filter(({ policy }) => policy === 'forbid-latest-tag') ?? [];
    expect(found).toHaveLength(1);
    return found[0]?.exception !== undefined;
  };
  expect(await isExcepted(end - 1)).toBe(true);
  expect(await isExcepted(end)).toBe(false);
});
