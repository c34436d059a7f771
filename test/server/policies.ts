import { customKind, definePolicy, isRecord, property, type Policy } from '#sdk';
import { z } from 'zod';

/** Small policies that make every kind of verdict, so that these tests depend on no policy of the library. */

const common = {
  category: 'operations',
  severity: 'medium',
  why: 'because',
  references: ['https://kubernetes.io/docs/'],
} as const;

const requireMemory = definePolicy({
  ...common,
  id: 'require-memory',
  severity: 'high',
  title: 'Require a memory limit',
  target: 'container',
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({ default: z.string().optional() }),
  messages: { missing: '{container} has no memory limit.' },
  remediation: 'Set resources.limits.memory, for example 256Mi.',
  subresources: ['resize'],
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  validate({ container, at }, { report }) {
    if (property(property(container.resources, 'limits'), 'memory') != null) return;
    report({ message: 'missing', at: at('resources', 'limits', 'memory') });
  },
  fix: {
    safety: 'optional',
    resolves: ['missing'],
    requires: ['default'],
    apply(container, { params }) {
      container.resources ??= {};
      container.resources.limits ??= {};
      if (params.default !== undefined) container.resources.limits['memory'] = params.default;
    },
  },
});

const requireOwner = definePolicy({
  ...common,
  id: 'require-owner',
  title: 'Require an owner',
  target: 'object',
  kinds: ['Workload', 'ConfigMap'],
  profiles: { baseline: 'warn' },
  params: z.strictObject({}),
  messages: { missing: '{kind} {name} has no label owner.' },
  remediation: 'Set metadata.labels.owner to a team.',
  validate({ object, at }, { report }) {
    if (property(object.metadata?.labels, 'owner') === undefined) {
      report({ message: 'missing', at: at('metadata', 'labels', 'owner') });
    }
  },
});

const requireReplicas = definePolicy({
  ...common,
  id: 'require-replicas',
  title: 'Require two replicas',
  target: 'object',
  kinds: ['Deployment'],
  subresources: ['scale'],
  profiles: { production: 'deny' },
  params: z.strictObject({}),
  messages: { few: '{name} has {count} replica.' },
  remediation: 'Set spec.replicas to 2 or more.',
  validate({ object, at }, { report }) {
    const count = property(property(object, 'spec'), 'replicas');
    if (typeof count === 'number' && count < 2)
      report({ message: 'few', at: at('spec', 'replicas'), data: { count } });
  },
});

const forbidDelete = definePolicy({
  ...common,
  id: 'forbid-delete',
  title: 'Forbid the end of what is protected',
  target: 'request',
  kinds: ['ConfigMap'],
  operations: ['DELETE'],
  profiles: { baseline: 'deny' },
  params: z.strictObject({}),
  messages: { protected: '{name} is protected.' },
  remediation: 'Remove the annotation protected first.',
  validate({ object, at }, { report }) {
    if (property(object.metadata?.annotations, 'protected') === 'yes') {
      report({ message: 'protected', at: at('metadata', 'annotations', 'protected') });
    }
  },
});

const forbidShell = definePolicy({
  ...common,
  id: 'forbid-shell',
  title: 'Forbid shells in containers',
  target: 'request',
  kinds: ['Pod'],
  operations: ['CONNECT'],
  subresources: ['exec'],
  profiles: { production: 'deny' },
  params: z.strictObject({}),
  messages: { shell: 'Somebody opens a shell in {name}.' },
  remediation: 'Ask for emergency access.',
  validate({ subresource, at }, { report }) {
    if (subresource === 'exec') report({ message: 'shell', at: at('command') });
  },
});

const requireService = definePolicy({
  ...common,
  id: 'require-service',
  title: 'Require a Service',
  target: 'relation',
  kinds: ['StatefulSet'],
  facts: ['Service'],
  profiles: { baseline: 'warn' },
  params: z.strictObject({}),
  messages: { missing: 'no Service' },
  remediation: 'Write one.',
  validate() {
    throw new Error('is never asked without facts');
  },
});

/** Throws with a part of the object in its words, as careless policies do. */
const throwing = definePolicy({
  ...common,
  id: 'throws-on-request',
  title: 'Throw',
  target: 'container',
  profiles: { baseline: 'warn' },
  params: z.strictObject({}),
  messages: { never: 'never' },
  remediation: 'none',
  validate({ container }) {
    const json: unknown = container.env?.find(({ name }) => name === 'JSON')?.value;
    if (typeof json === 'string') JSON.parse(json);
  },
});

/** Keeps the thread busy for as many milliseconds as a label says. */
const slow = definePolicy({
  ...common,
  id: 'be-slow',
  title: 'Be slow',
  target: 'object',
  kinds: ['ConfigMap'],
  profiles: { baseline: 'warn' },
  params: z.strictObject({}),
  messages: { never: 'never' },
  remediation: 'none',
  validate({ object }) {
    const ms = Number(property(object.metadata?.labels, 'busy-ms') ?? 0);
    const end = performance.now() + ms;
    while (performance.now() < end);
  },
});

/** A fix that does not do what it promises. */
const brokenFix = definePolicy({
  ...common,
  id: 'broken-fix',
  title: 'Promise too much',
  target: 'object',
  kinds: ['ConfigMap'],
  profiles: { restricted: 'warn' },
  params: z.strictObject({}),
  messages: { bad: 'bad' },
  remediation: 'none',
  validate({ object, at }, { report }) {
    if (property(object.metadata?.labels, 'bad') === 'yes')
      report({ message: 'bad', at: at('metadata', 'labels', 'bad') });
  },
  fix: { safety: 'safe', resolves: ['bad'], apply: () => undefined },
});

/** Writes a label as long as an annotation asks for. */
const longFix = definePolicy({
  ...common,
  id: 'long-fix',
  title: 'Write a lot',
  target: 'object',
  kinds: ['ConfigMap'],
  profiles: { restricted: 'warn' },
  params: z.strictObject({}),
  messages: { short: 'short' },
  remediation: 'none',
  validate({ object, at }, { report }) {
    const data: unknown = property(object, 'data');
    if (isRecord(data) && data['long'] === '') report({ message: 'short', at: at('data', 'long') });
  },
  fix: {
    safety: 'safe',
    resolves: ['short'],
    apply(draft) {
      const { data } = draft as { data?: Record<string, string> };
      if (data !== undefined) data['long'] = 'x'.repeat(600_000);
    },
  },
});

const Widget = customKind<{ readonly spec?: unknown }>({
  group: 'example.com',
  versions: ['v1'],
  kind: 'Widget',
  resource: 'widgets',
  namespaced: true,
});

/** Reports as many findings as the object asks for, with names from it. */
const manyFindings = definePolicy({
  ...common,
  id: 'many-findings',
  title: 'Find a lot',
  target: 'object',
  kinds: [Widget],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({}),
  messages: { found: '{what} is wrong.' },
  remediation: 'Mend {what}.',
  validate({ object, at }, { report }) {
    const names: unknown = property(object, 'names');
    if (!Array.isArray(names)) return;
    for (const [index, name] of names.entries()) {
      report({ message: 'found', at: at('names', index, String(name)), data: { what: String(name) } });
    }
  },
});

export const allPolicies: readonly Policy[] = [
  requireMemory,
  requireOwner,
  requireReplicas,
  forbidDelete,
  forbidShell,
  requireService,
  throwing,
  slow,
  brokenFix,
  longFix,
  manyFindings,
];
