import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import {
  breakglassAnnotation,
  disownConfiguration,
  endOfSuspension,
  readBreakglass,
  restoreConfiguration,
  suspendConfiguration,
  type SuspendOptions,
} from '../../src/breakglass/suspended-configuration.ts';
import type { ApiObject } from '../../src/cluster/cluster.ts';
import { compileSettings } from '../../src/engine/compile.ts';
import { settingsSchema } from '../../src/engine/settings.ts';
import { webhookConfigurations } from '../../src/engine/webhooks.ts';
import { suspendedUntil } from '../../src/server/suspension.ts';

interface Webhook {
  readonly name: string;
  readonly failurePolicy: string;
  readonly timeoutSeconds: number;
  readonly matchConditions?: readonly { readonly name: string }[];
  readonly clientConfig: { readonly url?: string; readonly service?: { readonly path: string } };
}

const now = Date.UTC(2026, 5, 1, 12);
const usual: SuspendOptions = { now, until: now + 1_800_000, by: 'jane', reason: 'INC-1', skipCalls: false };

/** Configurations of all shapes that settings give. */
const shapes = fc
  .record({
    failurePolicy: fc.constantFrom('Ignore' as const, 'Fail' as const),
    timeoutSeconds: fc.integer({ min: 1, max: 30 }),
    url: fc.constantFrom(undefined, 'https://127.0.0.1:8443', 'https://proxy.acme.dev/daygate/'),
    enforcement: fc.constantFrom('enforce' as const, 'observe' as const),
    fix: fc.boolean(),
    profile: fc.constantFrom('baseline', 'production', 'restricted'),
  })
  .map(({ failurePolicy, timeoutSeconds, url, enforcement, fix, profile }) => {
    const settings = settingsSchema.parse({
      profile,
      enforcement,
      policies: fix ? { 'forbid-token-automount': { fix: true } } : {},
      webhook: { failurePolicy, timeoutSeconds, caBundle: 'AAAA', ...(url === undefined ? {} : { url }) },
    });
    const { compiled } = compileSettings(settings, policies, { now });
    return webhookConfigurations(compiled).map((object) => stored(object as ApiObject));
  });

/** As the API server keeps it. */
function stored(object: ApiObject): ApiObject {
  const metadata = { ...(object['metadata'] as object), resourceVersion: '7', annotations: { other: 'x' } };
  return JSON.parse(JSON.stringify({ ...object, metadata })) as ApiObject;
}

/** RFC 7396. */
function merged(target: unknown, patch: unknown): ApiObject {
  const result: Record<string, unknown> = { ...(target as object | undefined) };
  for (const [key, value] of Object.entries(patch as object)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else if (typeof value !== 'object' || Array.isArray(value)) result[key] = value;
    else result[key] = merged(result[key], value);
  }
  return JSON.parse(JSON.stringify(result)) as ApiObject;
}

const suspend = (object: ApiObject, options: Partial<SuspendOptions> = {}): ApiObject =>
  merged(object, suspendConfiguration(object, { ...usual, ...options }).patch);
const restore = (object: ApiObject): ApiObject => merged(object, restoreConfiguration(object)?.patch ?? {});
const webhooksOf = (object: ApiObject): readonly Webhook[] => object['webhooks'] as readonly Webhook[];
const addressOf = ({ clientConfig: { url, service } }: Webhook): string => url ?? service?.path ?? '';

const all = (check: (object: ApiObject) => void): void => {
  fc.assert(
    fc.property(shapes, (objects) => {
      expect(objects.length).toBeGreaterThan(0);
      objects.forEach(check);
    }),
    { numRuns: 40 },
  );
};
const one = fc.sample(shapes, { numRuns: 1, seed: 7 })[0]?.[0] ?? {};

describe('a suspended configuration', () => {
  it('blocks nothing, keeps its rules, and tells the server until when', () => {
    all((object) => {
      const after = webhooksOf(suspend(object));
      expect(after.map(({ name }) => name)).toEqual(webhooksOf(object).map(({ name }) => name));
      for (const [index, webhook] of after.entries()) {
        const before = webhooksOf(object)[index];
        expect(webhook).toMatchObject({ failurePolicy: 'Ignore', timeoutSeconds: 1 });
        expect(webhook).toEqual({ ...before, ...webhook });
        const [plain, step] = addressOf(webhook).split('/suspended/');
        expect(before && addressOf(before)).toBe(plain);
        expect(suspendedUntil(step ?? '')).toBe(usual.until);
        // What the API server takes for a step of a path: a DNS-1123 subdomain.
        expect(step).toMatch(/^[a-z\d]([-a-z\d]*[a-z\d])?$/);
      }
    });
  });

  it('comes back as it was, however often it was suspended', () => {
    const times = fc.array(
      fc.record({ until: fc.integer({ min: 1, max: 86_000 }), skipCalls: fc.boolean() }),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(shapes, times, (objects, list) => {
        for (const object of objects) {
          const suspended = list.reduce(
            (state, { until, skipCalls }) => suspend(state, { until: now + until * 1000, skipCalls }),
            object,
          );
          expect(restore(suspended)).toEqual({ ...object, metadata: { ...(object['metadata'] as object) } });
          expect(restoreConfiguration(restore(suspended))).toBeUndefined();
        }
      }),
      { numRuns: 40 },
    );
  });

  it('keeps who began it when, and takes the new end', () => {
    const again = suspend(suspend(one), {
      now: now + 60_000,
      until: now + 7_200_000,
      by: 'joe',
      reason: 'more',
    });
    expect(readBreakglass(again)).toMatchObject({
      since: new Date(now).toISOString(),
      until: new Date(now + 7_200_000).toISOString(),
      by: 'joe',
      reason: 'more',
    });
    expect(endOfSuspension(again)).toBe(now + 7_200_000);
    expect(endOfSuspension(one)).toBeUndefined();
  });

  it('begins anew where the webhooks were applied anew meanwhile', () => {
    const anew = { ...suspend(one), webhooks: webhooksOf(one) };
    // What it says holds until somebody undoes it, though no path says it any more.
    expect(endOfSuspension(anew)).toBe(usual.until);
    const later = now + 3_600_000;
    const again = suspend(anew, { now: later, until: later + 1_800_000 });
    expect(readBreakglass(again)?.since).toBe(new Date(later).toISOString());
  });

  it('keeps a CA that was renewed meanwhile', () => {
    const suspended = suspend(one);
    const renewed = {
      ...suspended,
      webhooks: webhooksOf(suspended).map((webhook) => ({
        ...webhook,
        clientConfig: { ...webhook.clientConfig, caBundle: 'BBBB' },
      })),
    };
    for (const webhook of webhooksOf(restore(renewed)))
      expect(webhook.clientConfig).toMatchObject({ caBundle: 'BBBB' });
  });

  it('that was applied anew meanwhile stays as it was applied', () => {
    const suspended = suspend(one, { skipCalls: true });
    // `kubectl apply` puts its own fields back, and leaves the annotation and the other condition.
    const anew = {
      ...suspended,
      webhooks: webhooksOf(one).map((webhook) => ({
        ...webhook,
        timeoutSeconds: 9,
        failurePolicy: 'Fail',
        matchConditions: [
          ...(webhook.matchConditions ?? []),
          { name: 'daygate-breakglass', expression: 'false' },
        ],
      })),
    };
    const restored = restore(anew);
    expect(webhooksOf(restored)).toEqual(
      webhooksOf(one).map((webhook) => ({ ...webhook, timeoutSeconds: 9, failurePolicy: 'Fail' })),
    );
    expect(JSON.stringify(restored)).not.toContain('breakglass');
    // Suspended again, it comes back as it was applied.
    expect(webhooksOf(restore(suspend(anew)))).toEqual(webhooksOf(restored));
  });

  it.each(['', 'x', '{}', '{"version":2}', '[]', 'null', undefined])(
    'says what it does not know any more when its annotation is %j',
    (text) => {
      const suspended = suspend(one);
      const damaged = merged(suspended, {
        metadata: { annotations: { [breakglassAnnotation]: text ?? null } },
      });
      expect(readBreakglass(damaged)).toBeUndefined();
      expect(endOfSuspension(damaged)).toBe(usual.until);
      const { lost = [] } = restoreConfiguration(damaged) ?? {};
      expect(lost).toEqual(webhooksOf(one).map(({ name }) => name));
      expect(webhooksOf(restore(damaged)).map(addressOf)).toEqual(webhooksOf(one).map(addressOf));
    },
  );

  it('of a path that the server does not know is not called at all', () => {
    const foreign = {
      ...one,
      webhooks: webhooksOf(one).map((webhook) => ({
        ...webhook,
        clientConfig: { url: 'https://proxy.acme.dev/x' },
      })),
    };
    const suspended = suspend(foreign);
    for (const webhook of webhooksOf(suspended)) {
      expect(addressOf(webhook)).toBe('https://proxy.acme.dev/x');
      expect(webhook.matchConditions?.at(-1)).toEqual({ name: 'daygate-breakglass', expression: 'false' });
    }
    expect(restore(suspended)).toEqual({ ...foreign, metadata: { ...(one['metadata'] as object) } });
  });

  it.each([{}, { webhooks: null }, { webhooks: [null, 1] }, { metadata: null }])('may be %j', (object) => {
    expect(() => suspend(object as ApiObject)).not.toThrow();
    expect(restoreConfiguration(object as ApiObject)).toBeUndefined();
  });

  it('gives up its own fields and nobody else’s', () => {
    const fields = (manager: string) => ({ manager, operation: 'Update', fieldsV1: {} });
    const held = (...managers: readonly string[]): ApiObject => ({
      metadata: { resourceVersion: '7', managedFields: managers.map(fields) },
    });
    expect(disownConfiguration(held('helm', 'daygate', 'daygate-breakglass'))?.patch).toEqual(
      held('helm', 'daygate'),
    );
    // An empty list would take nothing away.
    for (const none of [held('helm'), held('daygate-breakglass'), { metadata: {} }, {}])
      expect(disownConfiguration(none)).toBeUndefined();
  });
});
