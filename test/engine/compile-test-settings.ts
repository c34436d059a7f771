import { z } from 'zod';
import { definePolicy, type Policy } from '#sdk';
import { compileSettings, type CompileOptions } from '../../src/engine/compile.ts';
import type { Compiled } from '../../src/engine/compiled.ts';
import type { Review } from '../../src/engine/review.ts';
import { settingsSchema, type SettingsInput } from '../../src/engine/settings.ts';

export const now = Date.parse('2026-11-21T12:00:00Z');

/** Denies containers without a memory limit; can fix them. */
export const requireLimit = definePolicy({
  id: 'require-limit',
  category: 'resources',
  title: 'Require a limit',
  severity: 'high',
  target: 'container',
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({ value: z.string().optional(), except: z.array(z.string()).default([]) }),
  messages: { missing: '{container} has no limit.' },
  why: 'A test.',
  remediation: 'Set one.',
  references: [],
  validate({ container, at }, { params, report }) {
    if (params.except.includes(container.name ?? '')) return;
    if (container.resources?.limits?.['memory'] === undefined) {
      report({ message: 'missing', at: at('resources', 'limits', 'memory') });
    }
  },
  fix: {
    safety: 'optional',
    resolves: ['missing'],
    requires: ['value'],
    apply(container, { params }) {
      container.resources ??= {};
      container.resources.limits ??= {};
      if (params.value !== undefined) container.resources.limits['memory'] = params.value;
    },
  },
});

/** Denies images with this tag. */
export const forbidTag = definePolicy({
  id: 'forbid-tag',
  category: 'images',
  title: 'Forbid a tag',
  severity: 'high',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { production: 'deny' },
  params: z.strictObject({ tag: z.string().default('latest').describe('The tag') }),
  messages: { tag: '{container} uses the tag {tag}.' },
  why: 'A test.',
  remediation: 'Use another tag than {tag}.',
  references: [],
  validate({ container, at }, { params, report }) {
    if (container.image?.endsWith(`:${params.tag}`) === true) {
      report({ message: 'tag', at: at('image'), data: { tag: params.tag } });
    }
  },
});

export const policies: readonly Policy[] = [requireLimit, forbidTag];

export function compiled(
  settings: SettingsInput = {},
  options: Partial<CompileOptions> = {},
  library: readonly Policy[] = policies,
): Compiled {
  const result = compileSettings(settingsSchema.parse(settings), library, { now, ...options });
  if (result.problems.length > 0) throw new Error(JSON.stringify(result.problems));
  return result.compiled;
}

export function problemsOf(
  settings: SettingsInput,
  options: Partial<CompileOptions> = {},
): readonly string[] {
  const { problems } = compileSettings(settingsSchema.parse(settings), policies, { now, ...options });
  return problems.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

export function pod(...containers: readonly object[]) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { containers },
  };
}

export function review(object: object, rest: Partial<Review> = {}): Review {
  return { operation: 'CREATE', object, profile: 'production', now, ...rest };
}

/** Findings as `action policy locator`. */
export function brief(
  findings: readonly { action: string; policy: string; locator: string }[],
): readonly string[] {
  return findings.map(({ action, policy, locator }) => `${action} ${policy} ${locator}`);
}

/** The settings with exceptions that count how often they are tried. */
export function countingMatches(known: Compiled): { readonly known: Compiled; readonly tried: () => number } {
  let times = 0;
  const exceptions = known.exceptions.map((one) => ({
    ...one,
    matches: (identity: Parameters<typeof one.matches>[0]) => {
      times++;
      return one.matches(identity);
    },
  }));
  return { known: { ...known, exceptions }, tried: () => times };
}
