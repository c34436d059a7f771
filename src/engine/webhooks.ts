import { isMirrorPod, property, type KubernetesObject } from '#sdk';
import type { Compiled, Entry, Profile } from './compiled.ts';
import { isJudgedAtAdmission, needsFacts } from './kinds-read.ts';
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

function validatingWebhooks(
  compiled: Compiled,
  profile: Profile,
  names: readonly string[],
): readonly object[] {
  const { settings } = compiled;
  const isDefault = profile.name === settings.profile;
  const path = `/validate/${profile.name}`;
  const { failurePolicy, namespace: own } = settings.webhook;
  const observes = observesEverywhere(compiled, profile);
  const judging = profile.entries.filter(({ policy }) => isJudgedAtAdmission(compiled, policy));
  const rules = (scope: Rule['scope'], enforcing: boolean): readonly Rule[] =>
    judgingRules(compiled, judging, scope, (entries) => (!observes && entries.some(canDeny)) === enforcing);
  const shapes: WebhookShape[] = [
    {
      name: `${profile.name}.enforce.daygate.dev`,
      path,
      failurePolicy,
      rules: rules('Namespaced', true),
      // Where a failing daygate blocks requests, it must not block its own repair.
      namespaces: selector(compiled, profile, names, failurePolicy === 'Fail' ? [own] : []),
    },
    {
      name: `${profile.name}.advise.daygate.dev`,
      path,
      failurePolicy: 'Ignore',
      rules: rules('Namespaced', false),
      namespaces: selector(compiled, profile, names, []),
    },
  ];
  if (failurePolicy === 'Fail') {
    shapes.push({
      name: isDefault ? 'own.advise.daygate.dev' : `${profile.name}.own.advise.daygate.dev`,
      path,
      failurePolicy: 'Ignore',
      rules: rules('Namespaced', true),
      namespaces: [
        chooses(compiled, profile, names),
        { key: 'kubernetes.io/metadata.name', operator: 'In', values: [own] },
      ],
    });
  }
  if (isDefault) {
    const enforced = rules('Cluster', true);
    const isOwn = isOwnClusterObject(own);
    if (failurePolicy === 'Fail') {
      shapes.push({
        name: 'own-cluster.advise.daygate.dev',
        path,
        failurePolicy: 'Ignore',
        rules: enforced.flatMap(ownClusterRule),
        only: { name: 'is-daygates-own', expression: isOwn },
      });
    }
    shapes.push({
      name: 'cluster.enforce.daygate.dev',
      path,
      failurePolicy,
      rules: enforced,
      ...(failurePolicy === 'Fail'
        ? { only: { name: 'is-not-daygates-own', expression: `!(${isOwn})` } }
        : {}),
    });
    shapes.push({
      name: 'cluster.advise.daygate.dev',
      path,
      failurePolicy: 'Ignore',
      rules: rules('Cluster', false),
    });
  }
  return shapes.filter((shape) => shape.rules.length > 0).map((shape) => webhook(compiled, shape));
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

function observesEverywhere({ settings }: Compiled, profile: Profile): boolean {
  const { enforcement } = settings;
  const namespaces = typeof enforcement === 'string' ? {} : enforcement.namespaces;
  const general = typeof enforcement === 'string' ? enforcement : enforcement.default;
  return (profile.enforcement ?? general) === 'observe' && !Object.values(namespaces).includes('enforce');
}

function selector(
  compiled: Compiled,
  profile: Profile,
  names: readonly string[],
  except: readonly string[],
): readonly object[] {
  const exempt = [...new Set([...compiled.settings.exemptNamespaces, ...except])].sort();
  const lives = { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: exempt };
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
