import { isMirrorPod, property, type KubernetesObject } from '#sdk';
import type { Compiled, Entry, Profile } from './compiled.ts';
import { isJudgedAtAdmission, needsFacts } from './kinds-read.ts';
import { enforcementIn } from './judge.ts';
import { profileLabel } from './routing.ts';
import { fixingEntries, fixingRules, judgingRules, type Rule } from './webhook-rules.ts';

type FailurePolicy = 'Ignore' | 'Fail';

/** Labels that daygate's own objects carry. */
export const ownLabels = { 'app.kubernetes.io/name': 'daygate' };

/**
 * The webhook configurations that the enabled policies need, as Kubernetes objects: only kinds, operations and
 * subresources that some policy looks at. Namespaces choose their webhook by label, so the API server does the
 * routing. Kinds that can be denied go to an enforcing webhook, kinds that are only warned about or recorded to
 * an advisory one that never blocks. The same settings always give the same configurations.
 */
export function webhookConfigurations(compiled: Compiled): readonly object[] {
  const profiles = [...compiled.profiles.values()];
  const names = profiles.map(({ name }) => name);
  const validating = profiles.flatMap((profile) => validatingWebhooks(compiled, profile, names));
  const mutating = profiles.flatMap((profile) => mutatingWebhooks(compiled, profile, names));
  return [
    ...configuration('ValidatingWebhookConfiguration', validating),
    ...configuration('MutatingWebhookConfiguration', mutating),
  ];
}

function configuration(kind: string, webhooks: readonly object[]): readonly object[] {
  if (webhooks.length === 0) return [];
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind,
      metadata: { name: 'daygate', labels: ownLabels },
      webhooks,
    },
  ];
}

interface WebhookShape {
  readonly name: string;
  readonly path: string;
  readonly failurePolicy: FailurePolicy;
  readonly rules: readonly Rule[];
  readonly namespaces?: readonly object[];
  /** CEL that a request must fulfil beside what is asked of all. */
  readonly only?: MatchCondition;
  readonly mutating?: boolean;
}

interface MatchCondition {
  readonly name: string;
  readonly expression: string;
}

/** What a profile asks the API server for. */
interface Asked {
  readonly compiled: Compiled;
  readonly profile: Profile;
  readonly names: readonly string[];
  /** Where a refusal is possible, and where there are warnings at most. */
  readonly rules: (scope: Rule['scope'], enforcing: boolean) => readonly Rule[];
  /** How namespaces are treated that settings do not name, and those that are treated otherwise. */
  readonly base: 'enforce' | 'observe';
  readonly others: readonly string[];
}

function validatingWebhooks(
  compiled: Compiled,
  profile: Profile,
  names: readonly string[],
): readonly object[] {
  const base = enforcementIn(compiled, profile, undefined);
  const { enforcement } = compiled.settings;
  const others = Object.keys(typeof enforcement === 'string' ? {} : enforcement.namespaces).filter(
    (namespace) => enforcementIn(compiled, profile, namespace) !== base,
  );
  const observes = { Cluster: base === 'observe', Namespaced: base === 'observe' && others.length === 0 };
  const judging = profile.entries.filter(({ policy }) => isJudgedAtAdmission(compiled, policy));
  const rules: Asked['rules'] = (scope, enforcing) =>
    judgingRules(
      compiled,
      judging,
      scope,
      (entries) => (!observes[scope] && entries.some(canDeny)) === enforcing,
    );
  const asked = { compiled, profile, names, rules, base, others };
  const isDefault = profile.name === compiled.settings.profile;
  return [...namespacedWebhooks(asked, isDefault), ...(isDefault ? clusterWebhooks(asked) : [])]
    .filter((shape) => shape.rules.length > 0)
    .map((shape) => webhook(compiled, shape));
}

function namespacedWebhooks(asked: Asked, isDefault: boolean): readonly WebhookShape[] {
  const { compiled, profile, names, rules } = asked;
  const { name } = profile;
  const path = `/validate/${name}`;
  const everywhere = selector(compiled, profile, names, []);
  const enforced = rules('Namespaced', true);
  const asks = (
    kind: string,
    failurePolicy: FailurePolicy,
    namespaces: readonly object[] | undefined,
    asksFor = enforced,
  ): readonly WebhookShape[] =>
    namespaces === undefined
      ? []
      : [{ name: `${kind}.daygate.dev`, path, failurePolicy, rules: asksFor, namespaces }];
  const advise = asks(`${name}.advise`, 'Ignore', everywhere, rules('Namespaced', false));
  if (compiled.settings.webhook.failurePolicy === 'Ignore')
    return [...asks(`${name}.enforce`, 'Ignore', everywhere), ...advise];
  const { own, enforcing, observing } = partition(asked);
  return [
    ...asks(`${name}.enforce`, 'Fail', enforcing),
    ...advise,
    ...asks(isDefault ? 'own.advise' : `${name}.own.advise`, 'Ignore', own),
    ...asks(`${name}.observe`, 'Ignore', observing),
  ];
}

/**
 * Whose requests may wait for a daygate that fails: those in namespaces that enforce. It must not block its own repair,
 * nor what it would only warn about.
 */
function partition({ compiled, profile, names, base, others }: Asked) {
  const { namespace: own } = compiled.settings.webhook;
  const chosen = chooses(compiled, profile, names);
  const { exemptNamespaces } = compiled;
  const listed = others.filter((name) => name !== own && !exemptNamespaces.has(name)).toSorted();
  const inListed =
    listed.length === 0 ? undefined : [chosen, { key: namespaceName, operator: 'In', values: listed }];
  const notInListed = selector(compiled, profile, names, [own, ...listed]);
  return {
    own: [chosen, { key: namespaceName, operator: 'In', values: [own] }],
    ...(base === 'enforce'
      ? { enforcing: notInListed, observing: inListed }
      : { enforcing: inListed, observing: notInListed }),
  };
}

function clusterWebhooks({ compiled, profile, rules }: Asked): readonly WebhookShape[] {
  const { failurePolicy, namespace: own } = compiled.settings.webhook;
  const path = `/validate/${profile.name}`;
  const enforced = rules('Cluster', true);
  const enforce = { name: 'cluster.enforce.daygate.dev', path, failurePolicy, rules: enforced };
  const advise: WebhookShape = {
    name: 'cluster.advise.daygate.dev',
    path,
    failurePolicy: 'Ignore',
    rules: rules('Cluster', false),
  };
  if (failurePolicy === 'Ignore') return [enforce, advise];
  const isOwn = isOwnClusterObject(own);
  return [
    {
      name: 'own-cluster.advise.daygate.dev',
      path,
      failurePolicy: 'Ignore',
      rules: enforced.flatMap(ownClusterRule),
      only: { name: 'is-daygates-own', expression: isOwn },
    },
    { ...enforce, only: { name: 'is-not-daygates-own', expression: `!(${isOwn})` } },
    advise,
  ];
}

/** Fixes make things better where they can be made; they never block, the validating webhook has the last word. */
function mutatingWebhooks(compiled: Compiled, profile: Profile, names: readonly string[]): readonly object[] {
  const rules = fixingRules(compiled, fixingEntries(compiled, profile));
  if (rules.length === 0) return [];
  const namespaces = selector(compiled, profile, names, []);
  const [name, path] = [`${profile.name}.fix.daygate.dev`, `/mutate/${profile.name}`];
  return [webhook(compiled, { name, path, failurePolicy: 'Ignore', rules, namespaces, mutating: true })];
}

/** What is judged by facts alone warns at most: leniency.ts says why. */
function canDeny({ action, policy }: Entry): boolean {
  return action === 'deny' && !needsFacts(policy);
}

const namespaceName = 'kubernetes.io/metadata.name';

function selector(
  compiled: Compiled,
  profile: Profile,
  names: readonly string[],
  except: readonly string[],
): readonly object[] {
  const exempt = [...new Set([...compiled.settings.exemptNamespaces, ...except])].sort();
  const lives = { key: namespaceName, operator: 'NotIn', values: exempt };
  return [chooses(compiled, profile, names), ...(exempt.length === 0 ? [] : [lives])];
}

/** A namespace without the label, or with a value that names no profile, gets the default profile. */
function chooses({ settings }: Compiled, profile: Profile, names: readonly string[]): object {
  return profile.name === settings.profile
    ? { key: profileLabel, operator: 'NotIn', values: names.filter((name) => name !== profile.name) }
    : { key: profileLabel, operator: 'In', values: [profile.name] };
}

function webhook({ settings }: Compiled, shape: WebhookShape): object {
  const { url, service, namespace, caBundle, timeoutSeconds } = settings.webhook;
  const address =
    url === undefined
      ? { service: { namespace, name: service, path: shape.path, port: 443 } }
      : { url: `${url.replace(/\/$/, '')}${shape.path}` };
  return {
    name: shape.name,
    admissionReviewVersions: ['v1'],
    clientConfig: { ...address, ...(caBundle === undefined ? {} : { caBundle }) },
    sideEffects: 'None',
    matchPolicy: 'Equivalent',
    failurePolicy: shape.failurePolicy,
    ...(shape.mutating === true ? { reinvocationPolicy: 'IfNeeded' } : {}),
    timeoutSeconds,
    ...(shape.namespaces === undefined ? {} : { namespaceSelector: { matchExpressions: shape.namespaces } }),
    matchConditions: [...matchConditions(namespace), ...(shape.only === undefined ? [] : [shape.only])],
    rules: shape.rules,
  };
}

const rbacGroup = 'rbac.authorization.k8s.io';
const ownRbacResources: readonly string[] = ['clusterroles', 'clusterrolebindings'];
/** Those of deploy/certs.yaml, deploy/breakglass.yaml and the chart. Whole names: any other is as strict as before. */
const ownRbacNames: readonly string[] = ['daygate-certs', 'daygate-breakglass', 'daygate-facts'];

/** CEL that is true for the objects outside of its namespace that daygate is installed and repaired with. */
function isOwnClusterObject(namespace: string): string {
  const isRbac = [
    `request.resource.group == ${celString(rbacGroup)}`,
    `request.resource.resource in ${celStrings(ownRbacResources)}`,
    `request.name in ${celStrings(ownRbacNames)}`,
  ];
  const isNamespace = [
    "request.resource.group == ''",
    "request.resource.resource == 'namespaces'",
    `request.name == ${celString(namespace)}`,
  ];
  return `(${isRbac.join(' && ')}) || (${isNamespace.join(' && ')})`;
}

/** What is left of a rule for those objects: nothing, or one rule. */
function ownClusterRule(rule: Rule): readonly Rule[] {
  const [group] = rule.apiGroups;
  const own = group === rbacGroup ? ownRbacResources : group === '' ? ['namespaces'] : [];
  const resources = rule.resources.filter((resource) => own.includes(resource));
  return resources.length === 0 ? [] : [{ ...rule, resources }];
}

/** CEL that keeps requests away which must never depend on daygate. `object` is null on DELETE. */
function matchConditions(namespace: string): readonly MatchCondition[] {
  const [label, value] = Object.entries(ownLabels)[0] ?? [];
  const own = [
    `request.namespace == ${celString(namespace)}`,
    "request.resource.resource == 'pods'",
    'object != null && has(object.metadata) && has(object.metadata.labels)',
    `${celString(label)} in object.metadata.labels && object.metadata.labels[${celString(label)}] == ${celString(value)}`,
  ];
  return [
    { name: 'not-by-a-kubelet', expression: "!('system:nodes' in request.userInfo.groups)" },
    { name: 'not-daygate-itself', expression: `!(${own.join(' && ')})` },
    {
      name: 'not-being-deleted',
      expression: 'object == null || !has(object.metadata) || !has(object.metadata.deletionTimestamp)',
    },
  ];
}

/** Whether the match conditions above keep a live object away, whoever writes it. */
export function isLeftOut({ settings }: Compiled, object: KubernetesObject): boolean {
  if (object.kind !== 'Pod') return false;
  // The kubelet writes them.
  if (isMirrorPod(object)) return true;
  const { namespace, labels } = object.metadata ?? {};
  return (
    namespace === settings.webhook.namespace &&
    Object.entries(ownLabels).every(([label, value]) => property(labels, label) === value)
  );
}

function celString(text = ''): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function celStrings(texts: readonly string[]): string {
  return `[${texts.map((text) => celString(text)).join(', ')}]`;
}
