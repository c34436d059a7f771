import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { definePolicy } from '#sdk';
import { enforcementIn } from '../../src/engine/judge.ts';
import { profileFor, profileLabel } from '../../src/engine/routing.ts';
import { webhookConfigurations } from '../../src/engine/webhooks.ts';
import { compiled, policies } from './compile-test-settings.ts';

interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn';
  readonly values: readonly string[];
}

interface Webhook {
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly namespaceSelector?: { readonly matchExpressions: readonly Requirement[] };
  readonly rules: readonly { readonly resources: readonly string[] }[];
  readonly clientConfig: { readonly service: { readonly path: string } };
}

/** As the API server reads them: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/. */
function selects({ namespaceSelector }: Webhook, labels: Readonly<Record<string, string>>): boolean {
  return (namespaceSelector?.matchExpressions ?? []).every(({ key, operator, values }) => {
    const value = labels[key];
    return (operator === 'In') === (value !== undefined && values.includes(value));
  });
}

const warnsOnly = definePolicy({
  id: 'require-something', category: 'labels', title: 'x', severity: 'low', target: 'object', kinds: ['Service'],
  profiles: { baseline: 'warn' }, params: z.strictObject({}), messages: {}, why: '', remediation: '', references: [], validate: () => undefined,
}); // prettier-ignore
const library = [...policies, warnsOnly];

const names = ['shop', 'pay', 'web', 'guard', 'kube-system'];
const mode = fc.constantFrom('enforce', 'observe');
const profile = fc.constantFrom('baseline', 'production', 'restricted', 'team');
const someNames = fc.uniqueArray(fc.constantFrom(...names));
const arbitrarySettings = fc.record({
  profile,
  enforcement: fc.oneof(
    mode,
    fc.record({ default: mode, namespaces: fc.dictionary(fc.constantFrom(...names), mode) }),
  ),
  exemptNamespaces: someNames,
  profiles: fc.record({ team: fc.record({ extends: profile.filter((name) => name !== 'team'), enforcement: mode }) }),
  webhook: fc.record({ failurePolicy: fc.constantFrom('Fail', 'Ignore'), namespace: fc.constantFrom(...names) }),
}); // prettier-ignore

it('of each namespace one webhook asks, by its profile, and it waits only where a refusal is possible', () => {
  const seen = { nobody: 0, Fail: 0, Ignore: 0 };
  fc.assert(
    fc.property(arbitrarySettings, (settings) => {
      const known = compiled(settings, {}, library);
      const [{ webhooks }] = webhookConfigurations(known) as [{ webhooks: readonly Webhook[] }];
      for (const name of [...names, 'unnamed'])
        for (const asked of [undefined, ...known.profiles.keys(), 'no-such-profile'])
          for (const resource of ['pods', 'services']) {
            const labels = {
              'kubernetes.io/metadata.name': name,
              ...(asked === undefined ? {} : { [profileLabel]: asked }),
            };
            const place = `${JSON.stringify(labels)} ${resource}`; // prettier-ignore
            const asking = webhooks.filter(
              (webhook) =>
                selects(webhook, labels) &&
                webhook.rules.some(({ resources }) => resources.includes(resource)),
            );
            const wanted = profileFor(known, labels);
            const by = known.profiles.get(wanted);
            if (by === undefined) throw new Error(place);
            const isOwn = name === settings.webhook.namespace;
            const entries = by.entries.filter(({ policy }) => (policy.id === warnsOnly.id) === (resource === 'services')); // prettier-ignore
            if (known.exemptNamespaces.has(name) || entries.length === 0) {
              // The server lets through what an exempt namespace asks; its own is never left without an answer.
              if (!isOwn) expect(asking, place).toEqual([]);
              seen.nobody += 1;
              continue;
            }
            const waits =
              settings.webhook.failurePolicy === 'Fail' && !isOwn &&
              enforcementIn(known, by, name) === 'enforce' && entries.some(({ action }) => action === 'deny'); // prettier-ignore
            expect(asking.map(({ clientConfig }) => clientConfig.service.path), place).toEqual([`/validate/${wanted}`]); // prettier-ignore
            expect(asking[0]?.failurePolicy, place).toBe(waits ? 'Fail' : 'Ignore');
            seen[waits ? 'Fail' : 'Ignore'] += 1;
          }
    }),
  );
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(0);
});
