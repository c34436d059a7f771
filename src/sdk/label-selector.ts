import { z } from 'zod';
import { entries, isRecord, list, property, type Path } from './json.ts';
import type { LabelSelector } from './kubernetes.ts';

/** Labels as they stand in metadata. */
export type Labels = Readonly<Record<string, string>> | null | undefined;

/** What is wrong with a label selector, and where below it. */
export interface SelectorProblem {
  readonly at: Path;
  /** The rule that is broken, to follow a field name: `must be In, NotIn, Exists or DoesNotExist`. */
  readonly problem: string;
}

// Source of the patterns and lengths: k8s.io/apimachinery/pkg/api/validate/content/{kube,dns}.go.
const labelPattern = /^[a-z0-9](?:[-\w.]*[a-z0-9])?$/i;
const subdomainPattern = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const longestLabel = 63;
const longestPrefix = 253;

const nameRule =
  'must be a label key: up to 63 letters, digits, - _ . that start and end with a letter or digit, optionally after a DNS name and a slash';
const textRule = 'must be text, in quotes where it looks like a number or true';
const valueRule =
  'must be a label value: empty, or up to 63 letters, digits, - _ . that start and end with a letter or digit';

/**
 * Whether a value may stand as the value of a label. The empty text may. Never throws.
 *
 * Source: Kubernetes, labels and selectors, syntax and character set.
 *
 * @example
 * isLabelValue('v1.2_rc-1'); // true
 * isLabelValue('-a'); // false
 */
export function isLabelValue(value: unknown): value is string {
  return typeof value === 'string' && (value === '' || isLabelText(value));
}

/**
 * Whether a value is a qualified name, which is what keys of labels and annotations are. Never throws.
 *
 * Source: k8s.io/apimachinery/pkg/api/validate/content/kube.go, IsLabelKey.
 *
 * @example
 * isQualifiedName('app.kubernetes.io/name'); // true
 * isQualifiedName('App/name/more'); // false
 */
export function isQualifiedName(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const slash = value.indexOf('/');
  if (slash < 0) return isLabelText(value);
  const prefix = value.slice(0, slash);
  return (
    prefix.length <= longestPrefix && subdomainPattern.test(prefix) && isLabelText(value.slice(slash + 1))
  );
}

/**
 * A parameter that is the key of a label or an annotation.
 *
 * @example params: z.strictObject({ label: labelKey.default('app.kubernetes.io/version').describe('Label that …') })
 */
export const labelKey = z
  .string()
  .refine(isQualifiedName, 'expected the key of a label, such as app.kubernetes.io/name');

function isLabelText(value: string): boolean {
  return value.length <= longestLabel && labelPattern.test(value);
}

/**
 * Whether a label selector (of a Deployment, a NetworkPolicy, a disruption budget …) matches labels. No selector
 * matches nothing, an empty one everything, and one that Kubernetes refuses nothing. `NotIn` matches where the
 * key is absent. Never throws.
 *
 * Source: k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go (LabelSelectorAsSelector), pkg/labels/selector.go.
 *
 * @example
 * matchesLabelSelector({ matchLabels: { app: 'web' } }, { app: 'web', tier: 'front' }); // true
 * matchesLabelSelector({}, {}); // true
 * matchesLabelSelector(null, {}); // false
 */
export function matchesLabelSelector(selector: LabelSelector | null | undefined, labels: Labels): boolean {
  return labelMatcher(selector)(labels);
}

/**
 * `matchesLabelSelector` for many labels: the selector is read once, and must not change. Never throws, neither does
 * what it returns.
 *
 * @example
 * const matches = labelMatcher({ matchLabels: { app: 'web' } });
 * pods.filter(({ podMetadata }) => matches(podMetadata.labels));
 */
export function labelMatcher(selector: LabelSelector | null | undefined): (labels: Labels) => boolean {
  if (selector == null || selectorProblem(selector) !== undefined) return () => false;
  const wanted = entries(selector.matchLabels);
  const expressions = list(selector.matchExpressions);
  return (labels) =>
    wanted.every(([key, value]) => label(labels, key) === orEmpty(value)) &&
    expressions.every((expression) => meets(expression, labels));
}

type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];

function meets({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = label(labels, key ?? '');
  const among = value !== undefined && list(values).some((item) => orEmpty(item) === value);
  switch (operator ?? '') {
    case 'In':
      return among;
    case 'NotIn':
      return !among;
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}

/**
 * The first thing Kubernetes would refuse in a label selector, undefined where it is fine or absent. Never throws.
 *
 * Source: k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go, ValidateLabelSelector.
 *
 * @example
 * selectorProblem({ matchExpressions: [{ key: 'app', operator: 'Is' }] });
 * // { at: ['matchExpressions', 0, 'operator'], problem: 'must be In, NotIn, Exists or DoesNotExist' }
 */
export function selectorProblem(selector: unknown): SelectorProblem | undefined {
  if (selector == null) return undefined;
  if (!isRecord(selector)) return { at: [], problem: 'must be an object' };
  const matchLabels = property(selector, 'matchLabels') ?? {};
  if (!isRecord(matchLabels)) return { at: ['matchLabels'], problem: 'must be an object' };
  for (const [key, value] of entries(matchLabels)) {
    if (!isQualifiedName(key)) return { at: ['matchLabels', key], problem: nameRule };
    if (!isLabelValue(orEmpty(value))) return { at: ['matchLabels', key], problem: ruleOfValue(value) };
  }
  const expressions = property(selector, 'matchExpressions') ?? [];
  if (!Array.isArray(expressions)) return { at: ['matchExpressions'], problem: 'must be a list' };
  for (const [index, expression] of expressions.entries()) {
    const found = requirementProblem(expression);
    if (found !== undefined) return { at: ['matchExpressions', index, ...found.at], problem: found.problem };
  }
  return undefined;
}

function requirementProblem(requirement: unknown): SelectorProblem | undefined {
  if (!isRecord(requirement)) return { at: [], problem: 'must be an object' };
  const values: unknown = property(requirement, 'values') ?? [];
  if (!Array.isArray(values)) return { at: ['values'], problem: 'must be a list' };
  const operator = property(requirement, 'operator');
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) return { at: ['values'], problem: `must not be empty with ${operator}` };
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) return { at: ['values'], problem: `must be empty with ${operator}` };
  } else {
    return { at: ['operator'], problem: 'must be In, NotIn, Exists or DoesNotExist' };
  }
  if (!isQualifiedName(property(requirement, 'key'))) return { at: ['key'], problem: nameRule };
  const wrong = values.findIndex((value) => !isLabelValue(orEmpty(value)));
  return wrong < 0 ? undefined : { at: ['values', wrong], problem: ruleOfValue(values[wrong]) };
}

function ruleOfValue(value: unknown): string {
  return typeof value === 'string' ? valueRule : textRule;
}

/**
 * Whether a plain map of labels, the selector of a Service or a ReplicationController, selects labels. An absent
 * or empty map selects nothing: such a Service has its endpoints written by somebody else. Never throws.
 *
 * Source: Kubernetes, Service, services without selectors.
 *
 * @example
 * matchesMapSelector({ app: 'web' }, { app: 'web', tier: 'front' }); // true
 * matchesMapSelector({}, { app: 'web' }); // false
 */
export function matchesMapSelector(selector: Labels, labels: Labels): boolean {
  const wanted = entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => label(labels, key) === orEmpty(value));
}

/** The label's value; undefined where there is none, or what stands there is no text. */
function label(labels: Labels, key: string): string | undefined {
  if (!isRecord(labels) || !Object.hasOwn(labels, key)) return undefined;
  const value = orEmpty(labels[key]);
  return typeof value === 'string' ? value : undefined;
}

/** Go reads null as the zero value of the type it expects. */
function orEmpty(value: unknown): unknown {
  return value ?? '';
}
