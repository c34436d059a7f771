import {
  definePolicy,
  formatQuantity,
  isZero,
  limitRangeDefault,
  parseQuantity,
  podQuantity,
  property,
  quantityRatio,
  remember,
  speaksForPod,
  text,
  type ContainerSubject,
  type PodSubject,
} from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'bound-limit-ratio',
  category: 'resources',
  title: 'Keep limits near the requests',
  severity: 'medium',
  target: 'container',
  optionalFacts: ['LimitRange'],
  profiles: { production: 'warn' },
  subresources: ['resize'],
  params: z.strictObject({
    maxRatios: z
      .record(z.string(), z.number().min(1))
      .default({ memory: 2, cpu: 10 })
      .describe('How many times the request a limit may be, by resource'),
  }),
  messages: {
    ratio:
      '{container} may take {ratio} times the {resource} it requests ({limit} over {request}), at most {max} times are allowed.',
    defaultRatio:
      '{container} may take {ratio} times the {resource} it requests ({limit} by LimitRange {limitRange} over {request}), at most {max} times are allowed.',
    podRatio:
      'The pod as a whole may take {ratio} times the {resource} it requests ({limit} over {request}), at most {max} times are allowed.',
  },
  why: 'What may be taken above the request is promised to several containers at once: a node on which they all come to get it kills some of them.',
  remediation: {
    ratio: 'Raise resources.requests.{resource} to what the container uses under load, or lower the limit.',
    defaultRatio:
      'Set resources.limits.{resource} on the container itself, nearer to its request, or raise the request.',
    podRatio: 'In resources of the pod raise requests.{resource}, or lower the limit.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/policy/limit-range/',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/',
  ],
  validate(subject, { params, report }) {
    const { container, pod, at } = subject;
    const forPod = pod.podSpec.resources != null && speaksForPod(subject, 'own');
    const { limits, requests } = container.resources ?? {};
    for (const [resource, max] of Object.entries(params.maxRatios)) {
      const own = property(limits, resource);
      const limit = amountText(own);
      // Without a request of its own the container requests its limit, a ratio of one.
      const request = amountText(property(requests, resource));
      if (own === undefined) {
        const given = limitRangeDefault(subject, 'limits', resource);
        const asked = request ?? requestByDefault(subject, resource);
        const excessive = excess(amountText(given?.amount), asked, max);
        if (excessive !== undefined && given !== undefined) {
          const { limitRange } = given;
          const place = at('resources', 'limits', resource);
          report({ message: 'defaultRatio', at: place, data: { ...excessive, limitRange, resource, max } });
        }
      }
      const excessive = excess(limit, request, max);
      if (excessive !== undefined) {
        const place = at('resources', 'limits', resource);
        report({ message: 'ratio', at: place, data: { ...excessive, resource, max } });
      }
      const ofPod = forPod ? excessOfPod(pod, resource, max) : undefined;
      if (ofPod !== undefined) {
        report({
          message: 'podRatio',
          at: pod.at('resources', 'limits', resource),
          data: { ...ofPod, resource, max },
        });
      }
    }
  },
});

/** What a LimitRange makes a container without a limit request, where it does not say so itself. */
function requestByDefault(subject: ContainerSubject, resource: string): string | undefined {
  if (property(subject.container.resources?.requests, resource) !== undefined) return undefined;
  return amountText(limitRangeDefault(subject, 'requests', resource)?.amount);
}

/**
 * The ratio of a limit to a request; a request of zero is as none, and that is another policy's business. Kept by
 * limit and then by request: one key for both would have to be put together for each container.
 */
const ratiosOf = remember(1_024, (limit) =>
  remember(64, (request): number => {
    const [over, under] = [parseQuantity(limit), parseQuantity(request)];
    return over === undefined || under === undefined || isZero(under) ? 1 : quantityRatio(over, under);
  }),
);

interface Excess {
  readonly ratio: number;
  readonly limit: string;
  readonly request: string;
}

/** What is above the ratio. */
function excess(limit: string | undefined, request: string | undefined, max: number): Excess | undefined {
  if (limit === undefined || request === undefined) return undefined;
  const ratio = ratiosOf(limit)(request);
  if (!(ratio > max)) return undefined;
  // Two digits, but never so few that 2.001 looks like the 2 that is allowed.
  const shown = Math.round(ratio * 100) / 100;
  return { ratio: shown > max ? shown : ratio, limit, request };
}

function excessOfPod(pod: PodSubject, resource: string, max: number): Excess | undefined {
  const [limit, request] = [podQuantity(pod, 'limits', resource), podQuantity(pod, 'requests', resource)];
  if (limit === undefined || request === undefined) return undefined;
  return excess(formatQuantity(limit), formatQuantity(request), max);
}

/** An amount as it is written; in JSON it may be a number. */
function amountText(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : text(value);
}
