import { definePolicy } from '#sdk';
import { z } from 'zod';
import { counterpartOf } from './counterpart.ts';
import { aboveDefaults, doubtsAbout, meantInsteadOf, type Doubt } from './doubts.ts';
import { shortagesOf } from './pod-shares.ts';

export default definePolicy({
  id: 'forbid-suspicious-quantity',
  category: 'resources',
  title: 'Forbid quantities that cannot be meant',
  severity: 'high',
  target: 'container',
  optionalFacts: ['LimitRange'],
  profiles: { baseline: 'warn', production: 'deny' },
  subresources: ['resize'],
  params: z.strictObject({
    minBytes: z
      .int()
      .positive()
      .default(1_000_000)
      .describe('Fewer bytes of memory or ephemeral storage than this cannot be meant'),
    maxBytes: z
      .int()
      .positive()
      // 128 Ti; the largest machines that can be rented have 32.
      .default(140_737_488_355_328)
      .describe('More bytes of memory or ephemeral storage than this cannot be meant'),
    maxCores: z
      .number()
      .positive()
      .default(256)
      .describe('More cores than this cannot be meant: raise it above the size of the largest node'),
  }),
  messages: {
    invalid: '{container} has {field} {quantity}, which Kubernetes does not accept.',
    thousandths: '{container} has {field} {quantity}, which is {amount} bytes: m means thousandths.',
    thousandthsBeside:
      '{container} has {field} {quantity}, which is {amount} bytes: m means thousandths. {meant} does not go with {other}.',
    tooSmall: '{container} has {field} {quantity}, which is only {amount} bytes.',
    tooManyBytes: '{container} has {field} {quantity}, which is {amount} terabytes.',
    millions: '{container} has {field} {quantity}, which is {amount} cores: M and Mi mean millions.',
    millionsBeside:
      '{container} has {field} {quantity}, which is {amount} cores: M and Mi mean millions. {meant} does not go with {other}.',
    tooLarge: '{container} has {field} {quantity}, which is {amount} cores.',
    tooFine: '{container} has {field} {quantity}, which is {amount} cores, less than a thousandth.',
    unknown: '{container} has {field}; Kubernetes knows no such resource of containers.',
    fraction: '{container} has {field} {quantity}; Kubernetes counts such resources in whole numbers.',
    pages: '{container} has {field} {quantity}, which is no whole number of pages of {amount}.',
    unequal:
      '{container} has {field} {quantity} and a limit of {amount}; Kubernetes takes the two only if they are equal.',
    noLimit: '{container} has {field} {quantity} and no such limit; Kubernetes takes the two only together.',
    aboveDefault:
      '{container} has {field} {quantity}, which is above the limit of {amount} that LimitRange {limitRange} gives it.',
    aboveLimit: '{container} has {field} {quantity}, which is above its limit of {amount}.',
    podLevel: 'The pod as a whole has {field} {quantity}, which cannot be meant.',
    podUnknown: 'The pod as a whole has {field}; Kubernetes knows no such resource of whole pods.',
    podAboveLimit: 'The pod as a whole has {field} {quantity}, which is above its limit of {amount}.',
    podBelow:
      'The pod as a whole has {field} {quantity}, which is below the {amount} that its containers request together{source}.',
    podBelowLimit:
      'The pod as a whole has {field} {quantity}, which is below the limit of {amount} of one of its containers{source}.',
  },
  why: 'A unit that is off by a letter parses and is off by a factor of a million: a container with half a byte of memory is killed at once, one with millions of cores is never scheduled or never limited.',
  remediation: {
    invalid: 'Write a number with at most one unit: 500m, 2, 512Mi, 1Gi.',
    thousandths: 'Write {meant}, with Mi instead of m: m means thousandths, and Mi mebibytes.',
    thousandthsBeside:
      'Write {meant}, with Mi instead of m, where that was meant, and change {other} to go with it.',
    tooSmall: 'Write Mi or Gi (512Mi, 2Gi): 512 is 512 bytes.',
    tooManyBytes: 'Write Mi or Gi (512Mi, 2Gi), or raise the parameter maxBytes where such nodes exist.',
    millions: 'Write {meant}: m means thousandths of a core.',
    millionsBeside: 'Write {meant} where that was meant, and change {other} to go with it.',
    tooLarge:
      'Write cores (2) or thousandths of a core (500m), or raise the parameter maxCores where such nodes exist.',
    tooFine: 'Write cores (0.5) or thousandths of a core (500m), not both.',
    unknown: 'Write cpu, memory, ephemeral-storage, hugepages-<size>, or a device with its domain.',
    fraction: 'Write a whole number.',
    pages: 'Write a multiple of the size of a page.',
    unequal: 'Set the request to {amount}, as the limit is, or leave it out.',
    noLimit: 'Set the limit to the same amount.',
    aboveDefault: 'Set a limit on the container itself, of {quantity} at least.',
    aboveLimit: 'Raise the limit to {quantity} at least, or lower the request to {amount}.',
    podLevel: 'In resources of the pod write CPU as 500m or 2, memory as 512Mi.',
    podUnknown: 'Write cpu, memory or hugepages-<size> there, and all else on the containers.',
    podAboveLimit: 'Raise the limit of the pod to {quantity} at least, or lower the request to {amount}.',
    podBelow: 'In resources of the pod write {amount} at least, or lower the requests of the containers.',
    podBelowLimit: 'In resources of the pod write {amount} at least, or lower the limit of the container.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#resource-units-in-kubernetes',
    'https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/',
  ],
  validate(subject, { params, report }) {
    const { container, pod, at } = subject;
    const own = doubtsAbout(container.resources, params);
    for (const doubt of own) {
      const { list, resource, quantity, amount } = doubt;
      const meant = meantInsteadOf(doubt) ?? quantity;
      const other = counterpartOf(doubt, own, subject);
      const data = { field: `${list}.${resource}`, quantity, amount, meant, other: other ?? '' };
      const message = other === undefined ? doubt.message : besideOther(doubt.message);
      report({ message, at: at('resources', list, resource), data });
    }
    for (const { resource, quantity, given } of aboveDefaults(subject)) {
      // An amount that cannot be meant is above any other.
      if (own.some((doubt) => doubt.resource === resource)) continue;
      const { limitRange, amount } = given;
      const data = { field: `requests.${resource}`, quantity, amount: String(amount), limitRange };
      report({ message: 'aboveDefault', at: at('resources', 'limits', resource), data });
    }
    // Pod-level resources belong to no container: the first one speaks for them.
    const { resources } = pod.podSpec;
    if (resources == null || pod.containers[0] !== subject) return;
    const doubts = doubtsAbout(resources, params, 'pod');
    for (const { message, list, resource, quantity, amount } of doubts) {
      const data = { field: `${list}.${resource}`, quantity, amount };
      report({ message: ofPod(message), at: pod.at('resources', list, resource), data });
    }
    // An amount that cannot be meant is above and below others by itself.
    const ofContainers = pod.containers.flatMap((one) => doubtsAbout(one.container.resources, params));
    const doubted = new Set([...doubts, ...ofContainers].map(({ resource }) => resource));
    for (const { message, list, resource, quantity, amount, byDefault } of shortagesOf(pod)) {
      if (doubted.has(resource)) continue;
      const source = byDefault ? ', with what LimitRanges give them' : '';
      const data = { field: `${list}.${resource}`, quantity, amount, source };
      report({ message, at: pod.at('resources', list, resource), data });
    }
  },
  fix: {
    safety: 'suggestion',
    resolves: ['thousandths', 'millions'],
    apply(container, { params, subject }) {
      const doubts = doubtsAbout(subject.container.resources, params);
      for (const doubt of doubts) {
        if (counterpartOf(doubt, doubts, subject) !== undefined) continue;
        const amounts = container.resources?.[doubt.list];
        const meant = meantInsteadOf(doubt);
        if (amounts != null && meant !== undefined) amounts[doubt.resource] = meant;
      }
    },
  },
});

/** Only what was meant by these is known. */
function besideOther(message: Doubt['message']): 'thousandthsBeside' | 'millionsBeside' {
  return message === 'thousandths' ? 'thousandthsBeside' : 'millionsBeside';
}

function ofPod(message: Doubt['message']): 'podUnknown' | 'podAboveLimit' | 'podLevel' {
  if (message === 'unknown') return 'podUnknown';
  return message === 'aboveLimit' ? 'podAboveLimit' : 'podLevel';
}
