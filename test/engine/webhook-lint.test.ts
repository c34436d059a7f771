/** What must be true of every webhook configuration that daygate renders, for all it ships: it cannot stop a cluster. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { customKind, definePolicy, type Policy } from '#sdk';
import { policies } from '../../policies/index.ts';
import { builtinProfiles } from '../../src/engine/profiles.ts';
import type { SettingsInput } from '../../src/engine/settings.ts';
import { vitalKinds } from '../../src/engine/webhook-rules.ts';
import { webhookConfigurations } from '../../src/engine/webhooks.ts';
import { compiled } from './compile-test-settings.ts';

interface Webhook {
  readonly name: string;
  readonly clientConfig: { readonly service: { readonly path: string } };
  readonly failurePolicy: string;
  readonly sideEffects: string;
  readonly timeoutSeconds: number;
  readonly namespaceSelector?: {
    readonly matchExpressions: readonly { key: string; operator: string; values: readonly string[] }[];
  };
  readonly matchConditions: readonly { readonly name: string; readonly expression: string }[];
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly apiVersions: readonly string[];
    readonly operations: readonly string[];
    readonly resources: readonly string[];
  }[];
}

const everything = Object.fromEntries(
  // It says the opposite of require-cpu-limit, about the same kinds.
  policies.filter(({ id }) => id !== 'forbid-cpu-limit').map(({ id }) => [id, 'deny' as const]),
);
const fixing = Object.fromEntries(
  policies.filter(({ fix }) => fix?.safety === 'safe').map(({ id }) => [id, { fix: true }]),
);
const cases = Object.keys(builtinProfiles).flatMap((profile) =>
  (['observe', 'enforce'] as const).flatMap((enforcement) =>
    (['Ignore', 'Fail'] as const).flatMap((failurePolicy) =>
      [{}, everything, fixing].map((own): SettingsInput => ({
        profile,
        enforcement,
        webhook: { failurePolicy },
        policies: own,
      })),
    ),
  ),
);

function webhooksOf(settings: SettingsInput, library: readonly Policy[] = policies): readonly Webhook[] {
  const configurations = webhookConfigurations(compiled(settings, {}, library)) as { webhooks: Webhook[] }[];
  return configurations.flatMap(({ webhooks }) => webhooks);
}

/** What each of the cases renders, once for all tests. */
const rendered = cases.map((settings) => ({ settings, webhooks: webhooksOf(settings) }));

// A cluster that cannot write these loses its nodes, its leaders and its log-ins, whatever policies say.
const vital =
  /^(?:leases|events|nodes|tokenreviews|(?:local|self)?subject(?:access|rules)reviews|selfsubjectreviews|\*)(?:\/|$)|\/\*$/;
const vitalGroups = /^(?:coordination|events|authentication|authorization)\.k8s\.io$|^\*$/;

describe('webhook configurations of all that ships', () => {
  it('ask about no wildcard and nothing that a cluster lives on', () => {
    for (const { webhooks } of rendered) {
      for (const { rules } of webhooks) {
        expect(rules.length).toBeGreaterThan(0);
        for (const { resources, apiGroups, apiVersions, operations } of rules) {
          expect(resources.filter((resource) => vital.test(resource))).toEqual([]);
          expect(apiGroups.filter((group) => vitalGroups.test(group))).toEqual([]);
          expect([...apiVersions, ...operations]).not.toContain('*');
        }
      }
    }
  });

  it('ask about nothing that a cluster lives on where a policy of a team’s own looks at it', () => {
    const kinds = [
      ['coordination.k8s.io', 'Lease', 'leases', true],
      ['', 'Node', 'nodes', false],
      ['', 'Event', 'events', true],
      ['events.k8s.io', 'Event', 'events', true],
      ['authentication.k8s.io', 'TokenReview', 'tokenreviews', false],
      ['authorization.k8s.io', 'SubjectAccessReview', 'subjectaccessreviews', false],
      ['example.org', 'Node', 'nodes', false],
    ] as const;
    const own = definePolicy({
      id: 'forbid-anything', category: 'operations', title: 'x', severity: 'low', target: 'object',
      kinds: kinds.map(([group, kind, resource, namespaced]) => customKind({ group, kind, resource, namespaced, versions: ['v1'] })),
      profiles: { baseline: 'deny' }, params: z.strictObject({}), messages: {}, why: '', remediation: '', references: [], validate: () => undefined,
    }); // prettier-ignore
    const asked = webhooksOf({ webhook: { failurePolicy: 'Fail' } }, [own]);
    expect(asked.map(({ name, rules }) => [name, rules.flatMap(({ apiGroups }) => apiGroups)])).toEqual([
      ['cluster.enforce.daygate.dev', ['example.org']],
    ]);
    expect(vitalKinds(compiled({}, {}, [own])).map(({ kind }) => kind)).toEqual(
      kinds.slice(0, -1).map(([, kind]) => kind),
    );
    expect(vitalKinds(compiled({}, {}, policies))).toEqual([]);
  });

  it('ask about each request once, by the profile that its namespace chooses', () => {
    const labels = [undefined, 'baseline', 'production', 'restricted', 'pss-restricted'];
    const namespaces = ['shop', 'daygate-system'].flatMap((name) =>
      labels.map((label) => ({ 'kubernetes.io/metadata.name': name, 'daygate.dev/profile': label })),
    );
    for (const { settings, webhooks } of rendered) {
      const all = webhooks.filter(({ namespaceSelector }) => namespaceSelector !== undefined);
      const validating = all.filter(({ name }) => !name.includes('.fix.'));
      for (const namespace of namespaces) {
        const known = new Map<string, string | undefined>(Object.entries(namespace));
        const asked = validating.filter(({ namespaceSelector }) =>
          namespaceSelector?.matchExpressions.every(
            ({ key, operator, values }) => values.includes(known.get(key) ?? '') === (operator === 'In'),
          ),
        );
        const requests = asked.flatMap(({ rules }) =>
          rules.flatMap(({ apiGroups, resources, operations }) =>
            resources.flatMap((resource) => operations.map((operation) => `${operation} ${apiGroups.join()}/${resource}`)),
          ),
        ); // prettier-ignore
        expect(requests.length).toBeGreaterThan(5);
        expect(new Set(requests).size).toBe(requests.length);
        const profile = namespace['daygate.dev/profile'] ?? settings.profile ?? 'production';
        for (const { name, clientConfig } of asked)
          expect(clientConfig.service.path, name).toBe(`/validate/${profile}`);
      }
    }
  });

  it('leave daygate’s own pods alone, by namespace and label together', () => {
    for (const { webhooks } of rendered) {
      for (const { matchConditions } of webhooks) {
        const own = matchConditions.find(({ name }) => name === 'not-daygate-itself')?.expression;
        const parts = /^!\((.*)\)$/.exec(own ?? '')?.[1]?.split(' && ');
        expect(parts).toContain("request.namespace == 'daygate-system'");
        expect(parts).toContain("object.metadata.labels['app.kubernetes.io/name'] == 'daygate'");
        expect(own).not.toContain('||');
        expect(matchConditions.map(({ name }) => name)).toContain('not-by-a-kubelet');
      }
    }
  });

  it('fail closed only where something is denied, and never for daygate’s own namespace or the cluster’s', () => {
    let failing = 0;
    for (const { settings, webhooks } of rendered) {
      for (const { name, failurePolicy, namespaceSelector } of webhooks) {
        if (failurePolicy !== 'Fail') continue;
        failing += 1;
        expect(settings).toMatchObject({ enforcement: 'enforce', webhook: { failurePolicy: 'Fail' } });
        expect(name).toMatch(/\.enforce\.daygate\.dev$/);
        if (name.startsWith('cluster.')) continue;
        const lives = namespaceSelector?.matchExpressions.find(
          ({ operator, key }) => operator === 'NotIn' && key === 'kubernetes.io/metadata.name',
        );
        expect(lives?.values).toEqual(['daygate-system', 'kube-node-lease', 'kube-public', 'kube-system']);
      }
    }
    expect(failing).toBeGreaterThan(20);
  });

  it('answer within the time that the API server gives, and change nothing elsewhere', () => {
    for (const { webhooks } of rendered) {
      for (const { timeoutSeconds, sideEffects } of webhooks) {
        expect(timeoutSeconds).toBeLessThanOrEqual(10);
        expect(sideEffects).toBe('None');
      }
    }
  });
});
