import { describe, expect, it } from 'vitest';
import { rotate, standing } from '../../src/certs/rotate.ts';
import { issueLeaf, makeAuthority, validFrom } from '../../src/x509/issue.ts';
import { encode, fakeCluster, installed, objects, type Store } from './fake-cluster.ts';
import {
  bundlesIn,
  digestOf,
  dataOf,
  day,
  days,
  minute,
  newWorld,
  ours,
  rules,
  settled,
  start,
  workingAt,
  works,
} from './world.ts';

describe('damage', () => {
  const garbage = encode('garbage');
  const broken = encode('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  const otherKey = async (): Promise<string> =>
    encode((await makeAuthority([{ name: 'commonName', value: 'x' }], validFrom(start, 1))).key);
  type Spoil = (store: Store) => void | Promise<void>;
  const set =
    (object: 'ca' | 'tls', key: string, value: string | (() => Promise<string>)): Spoil =>
    async (store) => {
      Object.assign(store[object]?.data ?? {}, { [key]: typeof value === 'string' ? value : await value() });
    };
  const repaired: readonly (readonly [string, Spoil])[] = [
    ['garbage for a certificate', set('tls', 'tls.crt', garbage)],
    ['a broken certificate', set('tls', 'tls.crt', broken)],
    ['garbage for a key', set('tls', 'tls.key', garbage)],
    ['the key of another certificate', set('tls', 'tls.key', otherKey)],
    ['garbage for ca.crt', set('tls', 'ca.crt', broken)],
    ['an empty ca.crt', set('tls', 'ca.crt', '')],
    ['garbage for the CA', set('ca', 'current.crt', broken)],
    ['the key of another CA', set('ca', 'current.key', otherKey)],
    ['garbage for the next CA', set('ca', 'next.crt', garbage)],
    [
      'no CA any more',
      ({ ca }) => {
        delete ca?.data;
      },
    ],
    [
      'no certificate any more',
      ({ tls }) => {
        delete tls?.data;
      },
    ],
    [
      'a webhook that was added, and one that lost its caBundle',
      ({ validating, mutating }) => {
        validating?.webhooks.push({ name: 'new.daygate.dev', clientConfig: {} });
        delete mutating?.webhooks[0]?.clientConfig.caBundle;
      },
    ],
    [
      'a caBundle that is none',
      ({ validating }) => {
        for (const { clientConfig } of validating?.webhooks ?? []) clientConfig.caBundle = broken;
      },
    ],
  ];
  it.each(repaired)('is repaired: %s', async (_what, spoil) => {
    const world = await settled();
    await spoil(world.cluster.store);
    await world.run();
    expect(workingAt(world).every((problem) => problem === undefined)).toBe(true);
    await days(world, 4);
    expect(workingAt(world).every((problem) => problem === undefined)).toBe(true);
    expect(
      bundlesIn(world.cluster.store)
        .map(ours)
        .every((count) => count === 1),
    ).toBe(true);
    expect(ours(dataOf(world, 'ca.crt'))).toBe(1);
  });

  it('costs no handshake where the key of the CA is lost: what it signed is trusted until it is replaced', async () => {
    const world = await settled();
    world.pass(day);
    delete world.cluster.store.ca?.data;
    await world.run();
    expect(bundlesIn(world.cluster.store).map(ours)).toEqual([2, 2, 2]);
    const told = async (): Promise<string> => {
      const { cluster } = world;
      return standing(await rotate({ cluster, objects, rules, now: () => world.now, tell: () => undefined }));
    };
    expect(await told()).toContain('the CA is being replaced: later runs go on with it');
    // What it signed tells what it was, also to a webhook that has forgotten it.
    const [webhook] = world.cluster.store.validating?.webhooks ?? [];
    delete webhook?.clientConfig.caBundle;
    await world.run();
    expect(bundlesIn(world.cluster.store).map(ours)).toEqual([2, 2, 2]);
    await days(world, 3);
    expect(bundlesIn(world.cluster.store).map(ours)).toEqual([1, 1, 1]);
    expect(await told()).not.toContain('being replaced');
    expect(world.failures).toEqual([]);
  });

  it('of the note when trust began is not believed', async () => {
    const world = await settled();
    await days(world, 487);
    const annotations = world.cluster.store.ca?.metadata.annotations ?? {};
    const [note = ''] = Object.keys(annotations);
    for (const text of ['never', '', '2099-01-01T00:00:00Z']) {
      annotations[note] = text;
      await world.run();
      expect(world.lines.at(-1)).toContain('is trusted from now on');
    }
    await days(world, 3);
    expect(bundlesIn(world.cluster.store).map(ours)).toEqual([1, 1, 1]);
  });

  it('once the next CA is in use does not bring the old one back', async () => {
    const world = await settled();
    await days(world, 487, 10);
    await days(world, 1);
    const before = dataOf(world, 'tls.crt');
    world.pass(10 * minute);
    world.cluster.store.validating?.webhooks.push({ name: 'new.daygate.dev', clientConfig: {} });
    await world.run();
    expect(dataOf(world, 'tls.crt')).toBe(before);
    await days(world, 2);
    expect(bundlesIn(world.cluster.store).map(ours)).toEqual([1, 1, 1, 1]);
    expect(world.failures).toEqual([]);
  });

  it('in the middle of a rotation starts the overlap again', async () => {
    const world = await settled();
    await days(world, 487);
    const { validating } = world.cluster.store;
    validating?.webhooks.push({ name: 'new.daygate.dev', clientConfig: {} });
    world.lines.length = 0;
    world.pass(50 * minute);
    await world.run();
    expect(world.lines.map((line) => line.split(' to ')[0])).toEqual([
      'wrote',
      'wrote the caBundle of 1 webhook',
      'wrote',
    ]);
    world.pass(50 * minute);
    await world.run();
    expect(world.lines).toHaveLength(3);
  });
});

describe('what daygate did not make', () => {
  const foreignLeaf = async (): Promise<{ cert: string; key: string }> => {
    const validity = validFrom(start, 90);
    const ca = await makeAuthority([{ name: 'commonName', value: 'Company CA' }], validity);
    return issueLeaf(ca, ['daygate.daygate-system.svc'], validity);
  };
  const refused = async (store: Store): Promise<string> => {
    const before = digestOf(store);
    const cluster = fakeCluster(store);
    const run = rotate({ cluster, objects, rules, now: () => start, tell: () => undefined });
    const message = await run.then(
      () => 'it was not refused',
      (error: unknown) => String(error),
    );
    expect(digestOf(cluster.store)).toBe(before);
    expect(message).not.toMatch(/PRIVATE|-----/);
    return message;
  };

  it('is left alone in the Secret, with the way to hand it over', async () => {
    const { cert, key } = await foreignLeaf();
    const store = installed();
    Object.assign(store.tls ?? {}, { data: { 'tls.crt': encode(cert), 'tls.key': encode(key) } });
    const message = await refused(store);
    expect(message).toContain('was not made by daygate certs but by "CN=Company CA", and is left alone');
    expect(message).toContain('kubectl patch secret daygate-tls -n daygate-system');
  });

  it('is left alone where cert-manager looks after it', async () => {
    for (const object of ['tls', 'validating'] as const) {
      const store = installed();
      Object.assign(store[object]?.metadata ?? {}, {
        annotations: { 'cert-manager.io/inject-ca-from': 'daygate-system/daygate' },
      });
      expect(await refused(store)).toContain('is looked after by cert-manager');
    }
  });

  it('stays in a caBundle, beside our own', async () => {
    const company = await makeAuthority([{ name: 'commonName', value: 'Company CA' }], validFrom(start, 9));
    const world = newWorld();
    const [webhook] = world.cluster.store.validating?.webhooks ?? [];
    Object.assign(webhook?.clientConfig ?? {}, { caBundle: encode(company.cert) });
    await world.run();
    await days(world, 490);
    expect(bundlesIn(world.cluster.store)[0]).toContain(company.cert.trim());
    expect(workingAt(world)).toEqual(works);
  });

  it('is told where a Secret is missing or immutable', async () => {
    const missing = installed();
    delete missing.ca;
    expect(await refused(missing)).toContain('kubectl apply -f deploy/certs.yaml makes it, empty');
    const fixed = installed();
    Object.assign(fixed.tls ?? {}, { immutable: true });
    expect(await refused(fixed)).toContain('secrets "daygate-tls" in namespace daygate-system is immutable');
  });

  it('and a clock that is behind changes nothing', async () => {
    const world = await settled();
    const before = digestOf(world.cluster.store);
    world.now -= 2 * day;
    await expect(world.run()).rejects.toThrow('is the clock of this node right?');
    expect(digestOf(world.cluster.store)).toBe(before);
  });
});
