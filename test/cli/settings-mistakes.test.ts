import { describe, expect, it } from 'vitest';
import { showText } from './show-settings.ts';

describe('mistakes in the settings', () => {
  it('are named all at once, each at its line and column, with the name that was meant', async () => {
    const { code, err } = await showText(`profil: production
enforcement: { defalt: observe, namespaces: { shop: obsrve } }
kubernetes: 1.36
policies:
  require-replicas: { action: dney, parms: { min: 3 } }
  require-memory-limit: denny
profiles:
  Team: { extends: baseline }
  team: { extend: baseline, policies: { require-replicas: { fix: yes } } }
exceptions:
  - policies: require-replicas
    match: { nmespace: shop }
    owner: ''
    expires: 2027-02-30
webhook: { timeoutSeconds: 99, failurePolicy: fail, url: http://x }
sandbox: []
`);
    expect(code).toBe(2);
    expect(err.split('\n')).toEqual([
      's.yaml:1:1: profil: there is no such setting: did you mean profile?',
      's.yaml:2:16: enforcement.defalt: there is no such setting: did you mean default?',
      's.yaml:2:53: enforcement.namespaces.shop: expected enforce, observe: did you mean observe?',
      's.yaml:3:13: kubernetes: expected a version in quotes, such as "1.36": without them YAML reads a number',
      's.yaml:5:31: policies.require-replicas.action: expected deny, warn, audit, off: did you mean deny?',
      's.yaml:5:37: policies.require-replicas.parms: there is no such setting: did you mean params?',
      's.yaml:6:25: policies.require-memory-limit: expected deny, warn, audit, off, or a table of settings: did you mean deny?',
      's.yaml:8:3: profiles.Team: expected lower-case letters, digits and dashes',
      's.yaml:9:11: profiles.team.extend: there is no such setting: did you mean extends?',
      's.yaml:9:66: profiles.team.policies.require-replicas.fix: expected true or false',
      's.yaml:11:5: exceptions.0.reason: is missing: expected a text',
      's.yaml:11:15: exceptions.0.policies: expected a list',
      's.yaml:12:14: exceptions.0.match.nmespace: there is no such setting: did you mean namespace?',
      's.yaml:13:12: exceptions.0.owner: must not be empty',
      's.yaml:14:14: exceptions.0.expires: expected a day of the calendar, such as 2027-03-31',
      's.yaml:15:28: webhook.timeoutSeconds: expected at most 30',
      's.yaml:15:47: webhook.failurePolicy: expected Ignore, Fail: did you mean Fail?',
      's.yaml:15:58: webhook.url: expected an address that begins with https://',
      's.yaml:16:10: sandbox: expected a table',
    ]);
  });

  it('say where a parameter stands that was written beside the action', async () => {
    const { err } = await showText('policies: { require-replicas: { action: deny, min: 3 } }');
    expect(err).toBe(
      's.yaml:1:47: policies.require-replicas.min: there is no such setting ' +
        '(known: action, params, fix, grandfatherUntil, policyReport): a parameter of the policy stands in params',
    );
  });

  it('are found in names and parameters, too, in the profile that has them', async () => {
    const { err } = await showText(`profile: prodution
policies:
  require-replica: deny
  require-replicas: { params: { mn: 3, min: many } }
profiles:
  team:
    extends: basline
  other:
    extends: baseline
    policies:
      require-replicas: { action: deny, params: { min: x, mx: 2 } }
exceptions:
  - { policies: [require-replicsa], match: {}, owner: x, reason: y, expires: 2099-02-28 }
`);
    expect(err.split('\n').toSorted()).toEqual([
      's.yaml:11:56: profiles.other.policies.require-replicas.params.min: expected a number',
      's.yaml:11:59: profiles.other.policies.require-replicas.params.mx: require-replicas has no parameter mx: did you mean min?',
      's.yaml:13:18: exceptions.0.policies.0: there is no policy require-replicsa: did you mean require-replicas?',
      's.yaml:13:44: exceptions.0.match: name at least one of namespace, kind, name, container',
      's.yaml:13:78: exceptions.0.expires: no exception may last longer than 365 days: choose an earlier day than 2099-02-28',
      's.yaml:1:10: profile: there is no profile prodution: did you mean production?',
      's.yaml:3:3: policies.require-replica: there is no policy require-replica: did you mean require-replicas?',
      's.yaml:4:33: policies.require-replicas.params.mn: require-replicas has no parameter mn: did you mean min?',
      's.yaml:4:45: policies.require-replicas.params.min: expected a number',
      's.yaml:7:14: profiles.team.extends: there is no profile basline: did you mean baseline?',
    ]);
  });

  it.each([
    ['profile: [\n', 's.yaml:2:1: '],
    ['a: 1\na: 2\n', 's.yaml:2:1: Map keys must be unique'],
    ['- a\n', 's.yaml:1:1: expected a table'],
    ['profile: x\n---\nprofile: y\n', 's.yaml:2:1: a second document begins here, and only one is read'],
    ['"__proto__": { x: 1 }\n', 's.yaml:1:1: __proto__: there is no such setting'],
    [
      `a: &a [${'x,'.repeat(50)}]\nb: &b [${'*a,'.repeat(50)}]\nc: [${'*b,'.repeat(50)}]\n`,
      'Excessive alias count',
    ],
    ['profile: "\u001b[31mred"\n', 'there is no profile ?[31mred'],
    // Two webhooks would have one name, which the API server refuses.
    [
      'profiles: { cluster: { extends: production } }\n',
      's.yaml:1:13: profiles.cluster: expected another name: daygate has webhooks called cluster, own and own-cluster',
    ],
    // What no rule of a webhook would match, or what all would.
    [
      'workloads: [{ group: argoproj.io, kind: Rollout, resource: Rollouts }]\n',
      's.yaml:1:60: workloads.0.resource: expected the plural name as in URLs, in lower case',
    ],
    [
      'workloads: [{ group: "*", versions: ["*"], kind: Rollout, resource: rollouts }]\n',
      's.yaml:1:22: workloads.0.group: expected an API group, such as argoproj.io',
    ],
    // Where no pod template lies, no pods would be judged; a kind of Kubernetes is known.
    [
      'workloads: [{ group: argoproj.io, kind: Rollout, resource: rollouts, template: spec/template }]\n',
      's.yaml:1:80: workloads.0.template: expected the fields on the way to it with dots between them',
    ],
    [
      'workloads: [{ group: apps, kind: Deployment, resource: deployments, template: spec }]\n',
      's.yaml:1:34: workloads.0.kind: Deployment is a kind of Kubernetes, whose pods are judged already: leave it out',
    ],
    [
      'workloads: [&a { group: argoproj.io, kind: Rollout, resource: rollouts }, *a]\n',
      'workloads.1.kind: Rollout is listed twice: leave one out',
    ],
    ['webhook: { caBundle: ca.pem }\n', 's.yaml:1:22: webhook.caBundle: expected a PEM file in base64'],
    // A selector of webhooks takes names alone, and only those that a namespace can have.
    ['exemptNamespaces: ["team-*"]\n', 's.yaml:1:20: exemptNamespaces.0: expected the whole name of a names'],
  ])('%j is refused in words', async (text, message) => {
    const { code, err } = await showText(text);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
