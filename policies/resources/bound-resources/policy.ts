import {
  compareQuantities,
  definePolicy,
  formatQuantity,
  parseQuantity,
  quantityOf,
  quantityText,
  type ResourceList,
} from '#sdk';
import { z } from 'zod';

const amounts = (what: string) =>
  z.record(z.string(), quantityText).default({}).describe(`${what}, by resource: { cpu: 10m, memory: 32Mi }`);

export default definePolicy({
  id: 'bound-resources',
  category: 'resources',
  title: 'Keep requests and limits inside bounds',
  severity: 'medium',
  target: 'container',
  profiles: {},
  subresources: ['resize'],
  params: z.strictObject({
    minRequests: amounts('Smallest requests of a container'),
    maxRequests: amounts('Largest requests of a container'),
    minLimits: amounts('Smallest limits of a container'),
    maxLimits: amounts('Largest limits of a container'),
  }),
  messages: {
    below: '{container} has {field} {quantity}, below the minimum of {bound}.',
    above: '{container} has {field} {quantity}, above the maximum of {bound}.',
  },
  why: 'A container that asks for more than a node has is never scheduled, one that asks for a hundredth of what it takes starves its neighbours, and one that asks for a whole node is paid for by everybody.',
  remediation: {
    below: 'Raise {field} to {bound} at least.',
    above: 'Lower {field} to {bound} at most, or split the work over more replicas.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/policy/limit-range/',
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
  ],
  validate({ container, at }, { params, report }) {
    const { minRequests, maxRequests, minLimits, maxLimits } = params;
    const judge = (
      list: ResourceList,
      bounds: Readonly<Record<string, string>>,
      message: 'below' | 'above',
    ): void => {
      for (const [resource, text] of Object.entries(bounds)) {
        const [quantity, bound] = [quantityOf(container.resources, list, resource), parseQuantity(text)];
        if (quantity === undefined || bound === undefined) continue;
        const difference = compareQuantities(quantity, bound);
        if (message === 'below' ? difference >= 0 : difference <= 0) continue;
        const data = {
          field: `${list}.${resource}`,
          quantity: formatQuantity(quantity),
          bound: formatQuantity(bound),
        };
        report({ message, at: at('resources', list, resource), data });
      }
    };
    judge('requests', minRequests, 'below');
    judge('requests', maxRequests, 'above');
    judge('limits', minLimits, 'below');
    judge('limits', maxLimits, 'above');
  },
});
