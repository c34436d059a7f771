import { definePolicy, labelKey, property, rolloutKind, workloadName, type Service } from '#sdk';
import { z } from 'zod';
import { strayOf } from './strays.ts';
import { isForRollout, isPlain, nameOf, twinsOf } from './twins.ts';

export default definePolicy({
  id: 'forbid-service-overlap',
  category: 'network',
  title: 'Forbid Services that get into the way of each other',
  severity: 'medium',
  target: 'relation',
  kinds: ['Service'],
  facts: ['Service', 'Workload'],
  optionalFacts: [rolloutKind],
  profiles: {},
  params: z.strictObject({
    annotation: labelKey
      .default('daygate.dev/shares-pods')
      .describe('Annotation by which a Service says that it shares its pods on purpose'),
  }),
  messages: {
    twin: 'Service {name} sends the same ports to the same pods as Service {other}.',
    stray: 'Service {name} sends port {port} to {serving}, and to {stray} as well, which does not list it.',
  },
  why: 'One of two copies was meant for other pods, and a selector that is too wide sends requests to pods that do not answer them: some calls fail, now and then.',
  remediation: {
    twin: 'Let the selector ask for the labels of the pods it is meant for, or remove one of the two; where both are meant, give the reason in the annotation daygate.dev/shares-pods, or in the one that the parameter annotation names.',
    stray:
      'Add a label to the selector that only the pods have that serve the port, such as app.kubernetes.io/component.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service',
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/',
  ],
  validate({ object, namespace, facts, at }, { params, report }) {
    if (!isPlain(object) || isMeant(object)) return;
    const twin = twinsOf(object, namespace, facts).find(
      (other) => nameOf(other) !== nameOf(object) && !isMeant(other),
    );
    if (twin !== undefined) {
      report({ message: 'twin', at: at('spec', 'selector'), data: { other: nameOf(twin) } });
    }
    const found = strayOf(object, namespace, facts);
    if (found === undefined) return;
    const { port, serving, stray } = found;
    const data = { port, serving: workloadName(serving), stray: workloadName(stray) };
    report({ message: 'stray', at: at('spec', 'selector'), data });

    function isMeant(service: Service): boolean {
      const said = property(service.metadata?.annotations, params.annotation);
      return (said != null && said !== 'false') || isForRollout(service, namespace, facts);
    }
  },
});
