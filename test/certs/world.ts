/** A cluster in time: what API servers may trust and pods may serve, which both learn late. */
import { createHash } from 'node:crypto';
import { isOurs } from '../../src/certs/assess.ts';
import { rotate } from '../../src/certs/rotate.ts';
import type { CertificateRules } from '../../src/certs/plan.ts';
import { isKeyOf, readCertificates } from '../../src/x509/read.ts';
import { decode, fakeCluster, objects, type FakeCluster, type Store } from './fake-cluster.ts';

export const [minute, day] = [60_000, 86_400_000];
export const start = Date.parse('2026-11-21T12:00:00Z');
export const lagMs = 60 * minute;
export const rules: CertificateRules = {
  names: ['daygate', 'daygate.daygate-system.svc', '10.0.0.7'],
  leafDays: 90,
  caDays: 730,
  overlapMs: lagMs,
};

interface View {
  readonly from: number;
  readonly bundles: readonly string[];
  readonly leaf: string;
}

export interface World {
  readonly cluster: FakeCluster;
  now: number;
  /** Handshakes that fail, by what was seen when. */
  readonly failures: string[];
  readonly lines: string[];
  run(changes?: Partial<CertificateRules>): Promise<void>;
  pass(ms: number): void;
}

export function newWorld(cluster = fakeCluster()): World {
  const views: View[] = [];
  const look = (): void => {
    const { validating, mutating, tls } = cluster.store;
    const webhooks = [...(validating?.webhooks ?? []), ...(mutating?.webhooks ?? [])];
    views.push({
      from: world.now,
      bundles: webhooks.map(({ clientConfig }) => decode(clientConfig.caBundle)),
      leaf: decode(tls?.data?.['tls.crt']),
    });
    check();
  };
  /** Every API server may see what was there at any moment since the lag, and so may every pod. */
  const check = (): void => {
    const seen = views.filter((_view, index) => (views[index + 1]?.from ?? Infinity) > world.now - lagMs);
    const bundles = new Set(seen.flatMap((view) => view.bundles));
    // Nobody serves, or calls, before the first installation is done.
    if (bundles.has('') || seen.some(({ leaf }) => leaf === '')) return;
    for (const leaf of new Set(seen.map((view) => view.leaf)))
      for (const bundle of bundles) {
        const problem = verify(leaf, bundle, world.now);
        if (problem !== undefined) world.failures.push(`${new Date(world.now).toISOString()} ${problem}`);
      }
  };
  const world: World = {
    cluster,
    now: start,
    failures: [],
    lines: [],
    run: async (changes = {}) => {
      check();
      await rotate({
        cluster,
        objects,
        rules: { ...rules, ...changes },
        now: () => world.now,
        tell: (line) => world.lines.push(line),
      });
      check();
    },
    pass: (ms) => {
      // What is seen late may fail at any time: at the end of the lag, and at the end of the pause.
      world.now += Math.min(ms, lagMs - 1);
      check();
      world.now += Math.max(0, ms - lagMs + 1);
      check();
    },
  };
  cluster.written = () => {
    world.now += 7_000;
    look();
  };
  return world;
}

/** What a client does that trusts the bundle, at this time. */
export function verify(leafPem: string, bundle: string, now: number): string | undefined {
  const [leaf] = readCertificates(leafPem);
  if (leaf === undefined) return 'no leaf is served';
  const isIn = (from: Date, to: Date): boolean => from.getTime() <= now && now < to.getTime();
  if (!isIn(leaf.validFromDate, leaf.validToDate)) return `the leaf is only valid until ${leaf.validTo}`;
  if (leaf.checkHost('daygate.daygate-system.svc') === undefined) return 'the leaf is for other names';
  const trusted = readCertificates(bundle).filter(
    (ca) => leaf.checkIssued(ca) && leaf.verify(ca.publicKey) && isIn(ca.validFromDate, ca.validToDate),
  );
  return trusted.length > 0 ? undefined : `a bundle of ${readCertificates(bundle).length} does not trust it`;
}

/** What is stored, to compare: a test that fails must print no key. */
export const digestOf = (store: Store): string =>
  createHash('sha256').update(JSON.stringify(store)).digest('hex');

/** All CAs that daygate made in a bundle. */
export const ours = (bundle: string): number => readCertificates(bundle).filter(isOurs).length;

/** A world in which certs ran once. */
export async function settled(): Promise<World> {
  const world = newWorld();
  await world.run();
  world.lines.length = 0;
  return world;
}

/** Runs once a day, or less often. */
export async function days(world: World, count: number, every = 1): Promise<void> {
  for (let passed = 0; passed < count; passed += every) {
    world.pass(Math.min(every, count - passed) * day);
    await world.run();
  }
}

export const bundlesIn = ({ validating, mutating }: Store): readonly string[] =>
  [...(validating?.webhooks ?? []), ...(mutating?.webhooks ?? [])].map(({ clientConfig }) =>
    decode(clientConfig.caBundle),
  );
export const dataOf = (world: World, key: string): string => decode(world.cluster.store.tls?.data?.[key]);
export const workingAt = (world: World): readonly (string | undefined)[] => {
  const leaf = dataOf(world, 'tls.crt');
  const [certificate] = readCertificates(leaf);
  // A pod cannot serve a certificate by the key of another.
  if (certificate !== undefined && !isKeyOf(certificate, dataOf(world, 'tls.key')))
    return ['the key is not that of the leaf'];
  return bundlesIn(world.cluster.store).map((bundle) => verify(leaf, bundle, world.now));
};
export const works = [undefined, undefined, undefined];
