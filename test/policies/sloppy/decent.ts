import { z } from 'zod';
import { definePolicy, type Policy } from '#sdk';
import { parseFixture, type PolicyFolder } from '../../../src/policy-test/fixtures.ts';

const container = '{name: app, image: app:1, stdin: true';
export const podWith = (rest: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [${container}${rest}}]}\n`;
export const terminal = podWith(', tty: true');
export const expectTerminal = '# expect: tty spec.containers[app].tty\n';

export const good = parseFixture('pass-none', 'pass', podWith(''));
export const bad = parseFixture('fail-tty', 'fail', `${expectTerminal}${terminal}`, podWith(', tty: false'));
const examples = [parseFixture('good', 'pass', podWith('')), parseFixture('bad', 'fail', terminal)];

/** A policy without a fault. */
export const decent = definePolicy({
  id: 'forbid-terminal',
  category: 'security',
  title: 'Forbid a terminal',
  severity: 'low',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { restricted: 'warn' },
  params: z.strictObject({}),
  messages: { tty: '{container} asks for a terminal.' },
  why: 'Nobody sits there.',
  remediation: 'Remove tty.',
  references: ['https://kubernetes.io/docs/reference/'],
  validate({ container, at }, { report }) {
    if (container.tty === true) report({ message: 'tty', at: at('tty') });
  },
  fix: {
    safety: 'safe',
    resolves: ['tty'],
    apply(draft) {
      draft.tty = false;
    },
  },
});

export type Container = Record<string, unknown>;
interface Subject {
  readonly container: Container;
  readonly containerClass: string;
  readonly pod: {
    readonly podSpec: Record<string, unknown>;
    readonly workload: { readonly kind: { readonly kind: string } };
  };
  readonly at: (...path: (string | number)[]) => (string | number)[];
}
type Report = (finding: {
  message: string;
  at: readonly (string | number)[];
  data?: Record<string, string>;
}) => void;

/** The decent policy with another validate, which need not be well-typed. */
export function validating(
  validate: (subject: Subject, report: Report, params: Record<string, unknown>) => void,
  rest: Partial<Policy> = {},
): Policy {
  return {
    ...decent,
    ...rest,
    validate: (subject, { report, params }) => {
      validate(subject as Subject, report as unknown as Report, params);
    },
  };
}

export function fixing(apply: (draft: Container) => void): Policy {
  return {
    ...decent,
    fix: {
      safety: 'safe',
      resolves: ['tty'],
      apply: (draft) => {
        apply(draft as Container);
      },
    },
  };
}

export function folderOf(policy: Policy, rest: Partial<PolicyFolder> = {}): PolicyFolder {
  return { policy, fixtures: [good, bad], examples, faults: [], own: false, ...rest };
}

/** What is wrong with a policy or its folder, and what the table says to that. */
export interface Sloppy {
  readonly folder: PolicyFolder;
  readonly library?: readonly Policy[];
  readonly says: RegExp;
}

/** What `validate` should do. */
export function reportTerminal({ container, at }: Subject, to: Report): void {
  if (container['tty'] === true) to({ message: 'tty', at: at('tty') });
}
