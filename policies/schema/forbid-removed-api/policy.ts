import {
  apiVersionOf,
  definePolicy,
  isServed,
  list,
  property,
  successorOf,
  text,
  versionsOfKind,
  type ApiVersion,
  type KubernetesObject,
  type Path,
} from '#sdk';
import { z } from 'zod';
import { isCompatible } from './compatible.ts';

export default definePolicy({
  id: 'forbid-removed-api',
  category: 'schema',
  title: 'Forbid API versions that are gone',
  severity: 'high',
  target: 'object',
  kinds: ['Any'],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({
    minorsAhead: z
      .int()
      .min(0)
      .max(20)
      .default(3)
      .describe('Minor versions of Kubernetes to look ahead for removals'),
  }),
  messages: {
    removed:
      '{kind} of {apiVersion} is gone since Kubernetes 1.{release}, and this is meant for 1.{minor}: {successor} takes its place.',
    rewritable:
      '{kind} of {apiVersion} is gone since Kubernetes 1.{release}, and this is meant for 1.{minor}: {successor} takes it as it is.',
    withoutSuccessor:
      '{kind} of {apiVersion} is gone since Kubernetes 1.{release}, and this is meant for 1.{minor}: nothing of its kind takes its place.',
    removedSoon:
      '{kind} of {apiVersion} goes with Kubernetes 1.{release}, and this is meant for 1.{minor}: {successor} takes its place.',
    rewritableSoon:
      '{kind} of {apiVersion} goes with Kubernetes 1.{release}, and this is meant for 1.{minor}: {successor} takes it as it is.',
    withoutSuccessorSoon:
      '{kind} of {apiVersion} goes with Kubernetes 1.{release}, and this is meant for 1.{minor}: nothing of its kind takes its place.',
    deprecated:
      '{kind} of {apiVersion} is deprecated since Kubernetes 1.{release}: {successor} takes its place.',
    removedReference:
      '{apiVersion} has no {target} any more since Kubernetes 1.{release}, so this leads nowhere: it is in {successor}.',
    staleReference:
      '{apiVersion} of {target} is gone since Kubernetes 1.{release}; only its group still counts here: write {successor}.',
  },
  // No release is named for the end of these, and the reference works by group and kind.
  onRecord: ['deprecated', 'staleReference'],
  why: 'After the upgrade the API server refuses every manifest of an API version it has dropped: releases, rollbacks and recoveries fail at once, and at the worst time.',
  remediation: {
    removed: 'Move to what takes its place; the deprecation guide says what else changes.',
    rewritable: 'Write apiVersion: {successor}.',
    withoutSuccessor: 'Remove it; the deprecation guide says what does its work now.',
    removedSoon: 'Move to what takes its place; the deprecation guide says what else changes.',
    rewritableSoon: 'Write apiVersion: {successor}.',
    withoutSuccessorSoon: 'Prepare to remove it; the deprecation guide says what will do its work.',
    deprecated: 'Use what takes its place; where nothing does, do without it.',
    removedReference: 'Name {successor}.',
    staleReference: 'Name {successor}.',
  },
  references: [
    'https://kubernetes.io/docs/reference/using-api/deprecation-guide/',
    'https://kubernetes.io/docs/reference/using-api/deprecation-policy/',
  ],
  validate({ object, writtenVersion: apiVersion, kubernetesMinor: minor }, { params, report }) {
    const kind = text(object.kind) ?? '';
    const api = apiVersionOf(apiVersion, kind);
    const at = ['apiVersion'];
    if (api?.removed !== undefined && api.removed <= minor + params.minorsAhead) {
      const isGone = api.removed <= minor;
      const successor = successorOf(api, minor);
      const data = { apiVersion, release: api.removed, minor };
      if (successor === undefined) {
        report({ message: isGone ? 'withoutSuccessor' : 'withoutSuccessorSoon', at, data });
      } else if (isCompatible(object, api, successor)) {
        const message = isGone ? 'rewritable' : 'rewritableSoon';
        report({ message, at, data: { ...data, successor: successor.apiVersion } });
      } else {
        const message = isGone ? 'removed' : 'removedSoon';
        report({ message, at, data: { ...data, successor: nameOf(successor) } });
      }
    } else if (api?.deprecated !== undefined && api.deprecated <= minor) {
      const data = { apiVersion, release: api.deprecated, successor: nameOf(successorOf(api, minor)) };
      report({ message: 'deprecated', at, data });
    }
    for (const { at: place, reference } of referencesOf(object, kind)) {
      const version = text(property(reference, 'apiVersion')) ?? '';
      const named = apiVersionOf(version, text(property(reference, 'kind')) ?? '');
      if (named?.removed === undefined || named.removed > minor) continue;
      // An autoscaler finds its target by group and kind, in whatever version the API server serves.
      const isServedYet = versionsOfKind(named.group, named.kind).some((row) => isServed(row, minor));
      report({
        message: isServedYet ? 'staleReference' : 'removedReference',
        at: place,
        data: {
          apiVersion: version,
          target: named.kind,
          release: named.removed,
          successor: nameOf(successorOf(named, minor)),
        },
      });
    }
  },
  fix: {
    safety: 'suggestion',
    resolves: ['rewritable', 'rewritableSoon'],
    apply(draft, { subject: { object, writtenVersion, kubernetesMinor } }) {
      const api = apiVersionOf(writtenVersion, text(object.kind) ?? '');
      const successor = api === undefined ? undefined : successorOf(api, kubernetesMinor);
      if (api?.removed === undefined || successor === undefined) return;
      if (isCompatible(object, api, successor)) draft.apiVersion = successor.apiVersion;
    },
  },
});

function nameOf(api: ApiVersion | undefined): string {
  return api === undefined ? 'nothing' : `${api.apiVersion} ${api.kind}`;
}

interface Reference {
  readonly at: Path;
  readonly reference: unknown;
}

const nowhere: readonly Reference[] = [];

/** Places where an object names the API version of another one. */
function referencesOf(object: KubernetesObject, kind: string): readonly Reference[] {
  if (kind !== 'HorizontalPodAutoscaler') return nowhere;
  const spec = property(object, 'spec');
  const target = {
    at: ['spec', 'scaleTargetRef', 'apiVersion'],
    reference: property(spec, 'scaleTargetRef'),
  };
  const metrics = list(property(spec, 'metrics') as readonly unknown[]);
  return [target, ...metrics.map((metric, index) => describedObject(metric, index))];
}

function describedObject(metric: unknown, index: number): Reference {
  const at = ['spec', 'metrics', index, 'object', 'describedObject', 'apiVersion'];
  return { at, reference: property(property(metric, 'object'), 'describedObject') };
}
