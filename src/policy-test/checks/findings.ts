import { isRecord, type KubernetesObject, type Policy } from '#sdk';
import type { Finding } from '../../engine/review.ts';
import type { Fixture, PolicyFolder } from '../fixtures.ts';
import { differences, recorded, verdictsOf, watched } from '../judge-fixture.ts';
import { pointerSteps } from '../json-patch.ts';
import { isKnownPath } from '../schema.ts';

/** Each fixture and each example gets exactly the findings it records, at places that exist, whoever asks twice. */
export function recordedFindings({ policy, fixtures, examples }: PolicyFolder): readonly string[] {
  return [
    ...fixtures.flatMap((fixture) => fixtureObjections(policy, fixture, true)),
    ...examples.flatMap((example) => fixtureObjections(policy, example, example.findings !== undefined)),
  ];
}

function fixtureObjections(policy: Policy, fixture: Fixture, compares: boolean): readonly string[] {
  const objections: string[] = [];
  const object = (words: string): unknown => objections.push(`${fixture.name}: ${words}`);
  const watch = watched(policy);
  const verdicts = verdictsOf(watch.policy, fixture);
  for (const { message } of verdicts.flatMap(({ errors }) => errors)) object(`the policy ${message}`);
  if (watch.calls.length === 0) object('the policy looks at none of its objects');
  const findings = verdicts.flatMap((verdict) => verdict.findings);
  if (fixture.expects === 'fail') {
    if (findings.length === 0) object('nothing is found');
    else if (compares && fixture.findings === undefined)
      object('it records no findings (# expect: message place)');
  }
  if (compares || fixture.expects === 'pass') {
    const words = { missing: 'not found', extra: 'found, but not recorded (# expect)' };
    differences(findings.map(recorded), fixture.findings ?? [], words).forEach(object);
  }
  const again = verdictsOf(watch.policy, fixture);
  if (JSON.stringify(again) !== JSON.stringify(verdicts)) object('a second run gives something else');
  for (const [index, document] of fixture.documents.entries()) {
    for (const finding of verdicts[index]?.findings ?? []) {
      misplaced(document, finding).forEach(object);
    }
  }
  return objections;
}

function isWritten(object: unknown, steps: readonly string[]): boolean {
  let value = object;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return false;
    value = (value as Record<string, unknown>)[step];
  }
  return true;
}

/** A pointer leads to a field, or to where a field can be added: no item that a list does not have, no typing errors. */
function misplaced(object: KubernetesObject, { pointer, messageId }: Finding): readonly string[] {
  const steps = pointerSteps(pointer);
  const place = `${messageId} at ${pointer}`;
  // What somebody wrote is there, even where it should not be.
  if (!isWritten(object, steps) && isKnownPath(object, steps) === false)
    return [`${place}: Kubernetes has no such field`];
  let value: unknown = object;
  for (const step of steps) {
    // What is missing or null can be added, with all that lies below.
    if (value === undefined || value === null) {
      if (/^\d+$/.test(step)) return [`${place}: there is no such item`];
      continue;
    }
    if (Array.isArray(value) && !Object.hasOwn(value, step)) return [`${place}: there is no such item`];
    if (!Array.isArray(value) && !isRecord(value)) return [`${place}: ${step} lies below a plain value`];
    value = Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
  }
  return [];
}
