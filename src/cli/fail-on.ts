import { severities } from '../engine/severities.ts';
import { UserError } from '../errors.ts';
import type { LocatedFinding } from '../report/report.ts';
import { count } from '../report/words.ts';
import { oneOf } from './one-of.ts';

/** What `--fail-on` takes: an action and what is graver, a severity and what is graver, or nothing at all. */
const actions = ['deny', 'warn', 'audit'] as const;
export const failOnLevels: readonly string[] = [...actions, 'none', ...severities];

/** Which findings give exit code 1. */
export type Fails = (
  finding: Pick<LocatedFinding, 'action' | 'severity' | 'exception' | 'baselined'>,
) => boolean;

/**
 * Of several levels, one is enough. What an exception or the baseline covers never fails a run.
 *
 * @throws UserError
 */
export function parseFailOn(texts: readonly string[] = ['warn']): Fails {
  const levels = texts
    .flatMap((text) => text.split(','))
    .map((level) => oneOf('--fail-on level', level.trim(), failOnLevels));
  if (levels.length > 1 && levels.includes('none'))
    throw new UserError('usage', '--fail-on none: leave out the other levels, which say something else');
  return ({ action, severity, exception, baselined }) =>
    exception === undefined &&
    baselined === undefined &&
    levels.some((level) => {
      if (level === 'none') return false;
      const at = actions.findIndex((known) => known === level);
      if (at >= 0) return actions.findIndex((known) => known === action) <= at;
      return (
        action !== 'audit' && severities.indexOf(severity) <= severities.findIndex((known) => known === level)
      );
    });
}

/** What made the exit code, where the summary leaves that open; otherwise nothing. */
export function reasonOfExit(
  {
    findings,
    errors,
  }: { readonly findings: readonly Parameters<Fails>[0][]; readonly errors: readonly unknown[] },
  fails: Fails,
  { failOn, quiet = false }: { readonly failOn?: readonly string[]; readonly quiet?: boolean },
): string {
  if (errors.length > 0) return '';
  const failing = findings.filter(fails);
  const levels = failOn === undefined ? '' : ` (--fail-on ${failOn.join(',')})`;
  if (failOn === undefined && failing.length > 0 && failing.every(({ action }) => action === 'warn'))
    return 'Exit code 1 for warnings alone: with --fail-on deny they pass.\n';
  if (failOn === undefined && (!quiet || failing.length === findings.length)) return '';
  const code = failing.length === 0 ? 0 : 1;
  const share = `${code === 0 ? 'none' : failing.length} of ${count(findings.length, 'finding')}`;
  return `Exit code ${code}: ${share} ${failing.length > 1 ? 'fail' : 'fails'} the run${levels}.\n`;
}
