import type { Severity } from '#sdk';
import { fingerprints } from './fingerprint.ts';
import type { RenderContext } from './render-context.ts';
import { jsonText } from './json-text.ts';
import type { LocatedFinding, Report } from './report.ts';
import { noteOf, objectTitle, standingOf } from './words.ts';

const severities: Readonly<Record<Severity, string>> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
};

/** GitLab's code quality report: a flat array, empty where all is well. */
export function gitlabReport({ findings, errors }: Report, { sha256 }: RenderContext): string {
  const prints = fingerprints(findings, sha256);
  const problems = errors.map(({ code, message, file = '.', line = 1 }, index) => ({
    description: `Not checked: ${message}`,
    check_name: `daygate/${code}`,
    fingerprint: sha256(JSON.stringify([code, file, message, index]), 'hex').slice(0, 32),
    severity: 'blocker',
    location: { path: relative(file), lines: { begin: line } },
  }));
  return jsonText([...problems, ...findings.map((finding, index) => issue(finding, prints[index] ?? ''))]);
}

function issue(finding: LocatedFinding, fingerprint: string): object {
  const { policy, message, remediation, object, severity, file, line } = finding;
  const note = noteOf(finding);
  const counts = ['deny', 'warn'].includes(standingOf(finding));
  return {
    description: `${objectTitle(object)}: ${message} ${remediation}${note === '' ? '' : ` (${note})`}`,
    check_name: policy,
    fingerprint,
    severity: counts ? severities[severity] : 'info',
    location: { path: relative(file), lines: { begin: line } },
  };
}

/** GitLab finds no file whose path begins with a dot of its own. */
function relative(file: string): string {
  return file.replace(/^(?:\.\/)+/, '');
}
