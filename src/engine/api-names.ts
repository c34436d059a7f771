import { z } from 'zod';

// A webhook rule takes any text: one with a capital letter would match nothing, and `*` everything. Names as in a
// CustomResourceDefinition: spec.group, spec.versions[*].name, spec.names.plural.

/** An API group: `argoproj.io`. */
export const apiGroup = z
  .string('expected a text')
  .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'expected an API group, such as argoproj.io');

const label = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** A version of an API: `v1alpha1`. */
export const apiVersion = z.string('expected a text').regex(label, 'expected a version, such as v1alpha1');

/** A plural resource name: `rollouts`. */
export const resourceName = z
  .string('expected a text')
  .regex(label, 'expected the plural name as in URLs, in lower case, such as rollouts');
