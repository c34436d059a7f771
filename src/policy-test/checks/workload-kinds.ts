import { builtinKinds, podTemplateOf, type KindInfo, type KubernetesObject, type Policy } from '#sdk';
import { apiVersionIn } from '../../engine/api-version.ts';
import { judge } from '../../engine/judge.ts';
import type { Review } from '../../engine/review.ts';
import type { Fixture, PolicyFolder } from '../fixtures.ts';
import { compileFor, differences, now, recorded, rollout } from '../judge-fixture.ts';

/** A pod, wherever it was written. */
export interface PodTemplate {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

const kindsWithPods: readonly KindInfo[] = [...Object.values(builtinKinds), rollout].filter(
  ({ template, kind }) => template !== undefined && kind !== 'Pod',
);
const endsByItself = new Set(['Job', 'CronJob']);
/** Takes any pod: a stored template, and kinds of which nothing is known. */
const takesAny = new Set(['PodTemplate', 'Rollout']);

/** The same pod gets the same findings in every kind of workload, up to where the pod lies. */
export function workloadKinds({ policy, fixtures }: PolicyFolder): readonly string[] {
  if (policy.target !== 'container' && policy.target !== 'podSpec') return [];
  return fixtures.flatMap((fixture) =>
    fixture.documents.flatMap((object) => {
      const template = templateOf(object);
      if (template === undefined) return [];
      return kindsWithPods
        .flatMap((kind) => kindObjections(policy, fixture, fitting(template, kind.kind), kind))
        .map((words) => `${fixture.name}: ${words}`);
    }),
  );
}

/** The pod template of an object: a Pod is its own. */
export function templateOf(object: KubernetesObject): PodTemplate | undefined {
  const info = Object.values(builtinKinds).find(({ kind }) => kind === object.kind);
  const template = info && podTemplateOf(info, object);
  return template && { metadata: { ...template.podMetadata }, spec: { ...template.podSpec } };
}

/**
 * Deployments and their like take only pods that run for ever, Jobs only pods that end (the API server refuses the
 * rest), so a pod is compared with itself under the restartPolicy that the kind asks for.
 */
function fitting(template: PodTemplate, kind: string): PodTemplate {
  const { restartPolicy = 'Always', ...spec } = template.spec;
  if (takesAny.has(kind) || (restartPolicy !== 'Always') === endsByItself.has(kind)) return template;
  return { ...template, spec: endsByItself.has(kind) ? { ...spec, restartPolicy: 'Never' } : spec };
}

export function podOf({ metadata, spec }: PodTemplate): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'wrapped', ...metadata },
    spec,
  } as KubernetesObject;
}

function workloadOf(
  template: PodTemplate,
  { group, versions, kind, template: path = [] }: KindInfo,
): KubernetesObject {
  const metadata = { name: 'wrapped', ...template.metadata };
  const inner = path.reduceRight<object>((content, step) => ({ [step]: content }), template);
  return { apiVersion: apiVersionIn(group, versions[0] ?? 'v1'), kind, metadata, ...inner };
}

function kindObjections(
  policy: Policy,
  fixture: Fixture,
  template: PodTemplate,
  kind: KindInfo,
): readonly string[] {
  const prefix = (kind.template ?? []).map((step) => `${step}.`).join('');
  const strip = (finding: string): string => finding.replace(` ${prefix}`, ' ');
  const inPod = findingsOf(policy, fixture, podOf(template));
  const inWorkload = findingsOf(policy, fixture, workloadOf(template, kind)).map(strip);
  const words = {
    missing: `found in a Pod, but not in a ${kind.kind}`,
    extra: `found in a ${kind.kind}, but not in a Pod`,
  };
  return differences(inWorkload, inPod, words);
}

export function findingsOf(policy: Policy, fixture: Fixture, object: KubernetesObject): readonly string[] {
  const review: Review = { operation: 'CREATE', object, profile: 'production', now };
  return judge(compileFor(policy, fixture), review).findings.map(recorded);
}
