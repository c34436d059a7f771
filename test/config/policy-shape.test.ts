import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { customKind, definePolicy, type Policy } from '#sdk';
import { policies } from '../../policies/index.ts';
import { policyProblems } from '../../src/config/policy-shape.ts';
import { builtinProfiles } from '../../src/engine/profiles.ts';

const names = { ids: policies.map(({ id }) => id), profiles: [...Object.keys(builtinProfiles), 'team'] };
const Widget = customKind({
  group: 'example.org',
  versions: ['v1'],
  kind: 'Widget',
  resource: 'widgets',
  namespaced: true,
});
const good = definePolicy({
  id: 'require-tier', category: 'labels', title: 'Require a tier', severity: 'low', target: 'object', kinds: ['Workload', Widget],
  profiles: { production: 'deny', team: 'warn', elsewhere: 'audit', restricted: { action: 'deny', params: { min: 2 } } },
  params: z.strictObject({ min: z.int().min(1).default(1), names: z.array(z.string()).default(['a']).optional() }),
  messages: { missing: 'No tier.', odd: 'Odd tier.' }, why: '', remediation: { missing: 'Set one.', odd: 'Set another.' }, references: [],
  validate: () => undefined,
  fix: { safety: 'optional', resolves: ['missing'], requires: ['min'], apply: () => undefined },
}); // prettier-ignore
const { fix } = good;

describe('the shape of a policy', () => {
  it('is that of all that ship, and of a good one', () => {
    for (const policy of [...policies, good]) expect(policyProblems(policy, names), policy.id).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['an unknown field', { titel: 'x' }, 'titel: there is no such field: did you mean title?'],
    ['a missing field', { validate: undefined }, 'validate: is missing'],
    ['an unknown category', { category: 'label' }, 'category: there is no category label: did you mean labels? (known: resources, probes,'],
    ['an unknown target', { target: 'objct' }, 'target: there is no target objct: did you mean object?'],
    ['a severity of another type', { severity: 5 }, 'severity: expected a text that names the severity (known: low,'],
    ['an unknown kind', { kinds: ['Pods'] }, 'kinds.0: there is no built-in kind Pods: did you mean Pod?'],
    ['a kind of Kubernetes that daygate has no name for', { kinds: ['Node'] }, 'kinds.0: there is no built-in kind Node; other kinds are customKind('],
    ['an inherited name as a kind', { kinds: ['constructor'] }, 'kinds.0: there is no built-in kind constructor; other kinds'],
    ['half a custom kind', { kinds: [{ kind: 'X', group: 'y' }] }, 'kinds.0.versions: is missing'],
    ['a kind of all resources', { kinds: [{ ...Widget, resource: '*' }] }, 'kinds.0.resource: expected the plural name as in URLs, in lower case, such as rollouts'],
    ['a kind of all groups', { kinds: [{ ...Widget, group: '*' }] }, 'kinds.0.group: expected an API group, such as argoproj.io'],
    ['a kind of all versions', { kinds: [{ ...Widget, versions: ['*'] }] }, 'kinds.0.versions.0: expected a version, such as v1alpha1'],
    ['a resource with a capital letter, which no rule would match', { kinds: [{ ...Widget, resource: 'Widgets' }] }, 'kinds.0.resource: expected the plural name as in URLs'],
    ['requests that no webhook asks about', { target: 'request', operations: ['DELETE'], fix: undefined, kinds: [Widget, { ...Widget, group: '', resource: 'nodes' }] }, 'kinds.1: no webhook ever asks about it'],
    ['no kinds', { kinds: [] }, 'kinds: expected at least one'],
    ['kinds left out', { kinds: undefined }, 'kinds: a policy of target object needs it'],
    ['kinds of containers', { target: 'container' }, 'kinds: only a policy of target object, request or relation has it'],
    ['operations left out', { target: 'request', fix: undefined }, 'operations: a policy of target request needs it'],
    ['a fix of requests', { target: 'request', operations: ['CREATE'] }, 'fix: a policy of target request has none'],
    ['an unknown operation', { target: 'request', operations: ['PATCH'], fix: undefined }, 'operations.0: there is no operation PATCH'],
    ['facts left out', { target: 'relation' }, 'facts: a policy of target relation needs it'],
    ['unknown facts', { target: 'relation', facts: ['Sevice'] }, 'facts.0: there is no built-in kind Sevice: did you mean Service?'],
    ['unknown facts that may be missing', { optionalFacts: ['Lease'] }, 'optionalFacts.0: there is no built-in kind Lease'],
    ['an unknown class', { target: 'container', kinds: undefined, containers: ['inti'] }, 'containers.0: there is no container class inti: did you mean init?'],
    ['a control without a name', { controls: [''] }, 'controls.0: must not be empty'],
    ['a field of a control that there is not', { controls: [{ name: 'A', parms: {} }] }, 'controls.0.parms: there is no such field'],
    ['a misspelt field of a control', { controls: [{ name: 'A', wiht: [] }] }, 'controls.0.wiht: there is no such field: did you mean with?'],
    ['a control with a parameter that there is not', { controls: [{ name: 'A', params: { mni: 1 } }] }, 'controls.0.params.0: there is no parameter mni: did you mean min?'],
    ['a control with a policy that there is not', { controls: ['A', { name: 'B', with: ['require-replica'] }] }, 'controls.1.with.0: there is no policy require-replica: did you mean require-replicas?'],
    ['an unknown subresource', { subresources: ['status'] }, 'subresources.0: there is no subresource status'],
    ['an unknown action', { profiles: { production: 'error' } }, 'profiles.production: there is no action error (known: deny, warn, audit)'],
    ['off as an action', { profiles: { production: { action: 'off', params: {} } } }, 'profiles.production.action: there is no action off'],
    ['a misspelt profile', { profiles: { prodution: 'deny' } }, 'profiles.prodution: there is no such profile: did you mean production?'],
    ['parameters of a profile that do not fit', { profiles: { team: { action: 'deny', params: { min: 0 } } } }, 'profiles.team.params.min: expected at least 1'],
    ['unknown parameters of a profile', { profiles: { team: { action: 'deny', params: { mni: 3 } } } }, 'profiles.team.params: there is no parameter mni: did you mean min?'],
    ['parameters that are no schema', { params: {} }, 'params: expected z.strictObject({ … })'],
    ['a default that does not fit', { params: z.strictObject({ min: z.int().min(1).default(0) }) }, 'params.min: its default does not fit: expected at least 1'],
    ['a parameter without a default', { params: z.strictObject({ min: z.int() }) }, 'params.min: needs a default, or .optional()'],
    ['no messages', { messages: {} }, 'messages: expected a message'],
    ['an empty message', { messages: { missing: '', odd: 'x' } }, 'messages.missing: must not be empty'],
    ['advice on an unknown message', { remediation: { missing: 'x', odd: 'y', other: 'z' } }, 'remediation.other: there is no such message'],
    ['no advice on a message', { remediation: { missing: 'x' } }, 'remediation: says nothing of the message odd'],
    ['an unknown message on record', { onRecord: ['od'] }, 'onRecord.0: there is no message od: did you mean odd?'],
    ['a conflict with nobody', { conflictsWith: ['require-replica'] }, 'conflictsWith.0: there is no policy require-replica: did you mean require-replicas?'],
    ['an unknown safety', { fix: { ...fix, safety: 'save' } }, 'fix.safety: there is no safety save: did you mean safe?'],
    ['a fix of an unknown message', { fix: { ...fix, resolves: ['mising'] } }, 'fix.resolves.0: there is no message mising: did you mean missing?'],
    ['a fix of nothing', { fix: { ...fix, resolves: [] } }, 'fix.resolves: expected at least one'],
    ['a fix that requires an unknown parameter', { fix: { ...fix, requires: ['mim'] } }, 'fix.requires.0: there is no parameter mim: did you mean min?'],
    ['a fix without apply', { fix: { safety: 'safe', resolves: ['missing'] } }, 'fix.apply: is missing'],
    ['needsSchema as a text', { needsSchema: 'yes' }, 'needsSchema: expected true or false'],
  ])('names %s', (_, change, says) => {
    const changed: Partial<Policy> = { ...good, ...change };
    expect(policyProblems(changed, names).join('\n')).toContain(says);
  }); // prettier-ignore

  it.each([[undefined], [null], ['x'], [[]], [() => good]])('is none of %o', (exported) => {
    expect(policyProblems(exported, names)).toEqual(['expected export default definePolicy({ … })']);
  });

  it.each(Object.keys(good))('is kept from crashing by nonsense in %s', (name) => {
    for (const nonsense of [null, 5, '', [], [null], {}, { a: null }, () => undefined, Symbol('x')]) {
      expect(() => policyProblems({ ...good, [name]: nonsense }, names)).not.toThrow();
    }
  });
});
