import type { KubernetesObject } from '#sdk';
import type { PolicyFolder } from '../fixtures.ts';
import { verdictsOf } from '../judge-fixture.ts';
import { pointerSteps } from '../json-patch.ts';
import { schemaFaults } from '../schema.ts';

/** Fixtures are manifests that Kubernetes would take, except where a finding says that they are wrong. */
export function realFixtures({ policy, fixtures, examples }: PolicyFolder): readonly string[] {
  return [...fixtures, ...examples].flatMap((fixture) => {
    const verdicts = verdictsOf(policy, fixture);
    const findings = verdicts.map((verdict) => verdict.findings.map(({ pointer }) => pointerSteps(pointer)));
    const { fixed = [], request, name } = fixture;
    const old = request?.oldObject === undefined ? [] : [request.oldObject];
    return [
      ...fixture.documents.flatMap((object, index) => faults(object, findings[index] ?? [])),
      ...fixed.flatMap((object) => faults(object, findings.flat())),
      ...old.flatMap((object) => faults(object, findings.flat())),
    ].map((fault) => `${name}: ${fault}`);
  });
}

function faults(object: KubernetesObject, findings: readonly (readonly string[])[]): readonly string[] {
  const meant = (path: readonly string[]): boolean =>
    findings.some((steps) => path.every((step, index) => step === steps[index]));
  return schemaFaults(object)
    .filter(({ path }) => !meant(path))
    .map(({ path, message }) => `${path.join('.')} ${message}`);
}
