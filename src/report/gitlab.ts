import type { Severity } from '#sdk';
import { fingerprints } from './fingerprint.ts';
import type { RenderContext } from './render-context.ts';
import { jsonText } from './json-text.ts';
import { byPlace, notesOf, objectsAt, renderingsOf, type Place } from './places.ts';
import type { Report } from './report.ts';
import { failsAsStale, staleSummary } from './stale-lines.ts';
import { errorMessage, firstOf, standingOf } from './words.ts';

const severities: Readonly<Record<Severity, string>> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
};

/** GitLab's code quality report: a flat array, empty where all is well. */
export function gitlabReport(report: Report, { sha256 }: RenderContext): string {
  const { findings, errors } = report;
  const places = byPlace(findings);
  const prints = fingerprints(
    places.map(({ finding }) => finding),
    sha256,
  );
  const problems = errors.map((error, index) => {
    const { code, message, render, file = '.', line = 1 } = error;
    return {
      description: `Not checked: ${errorMessage(error)}`,
      check_name: `daygate/${code}`,
      fingerprint: sha256(JSON.stringify([code, file, render, message, index]), 'hex').slice(0, 32),
      severity: 'blocker',
      location: { path: relative(file), lines: { begin: line } },
    };
  });
  const stale = failsAsStale(report)
    ? [
        {
          description: staleSummary(report),
          check_name: 'daygate/stale-baseline',
          fingerprint: sha256(JSON.stringify(report.baseline), 'hex').slice(0, 32),
          severity: 'major',
          location: { path: relative(report.baseline?.file ?? '.'), lines: { begin: 1 } },
        },
      ]
    : [];
  return jsonText([
    ...problems,
    ...stale,
    ...places.map((place, index) => issue(place, report, prints[index] ?? '')),
  ]);
}

function issue(place: Place, report: Report, fingerprint: string): object {
  const { finding } = place;
  const { policy, message, remediation, severity, file, line } = finding;
  const note = notesOf(place);
  const renderings = renderingsOf(place, report);
  const what = `${firstOf(objectsAt(place), 3)}${renderings === '' ? '' : ` in ${renderings}`}`;
  const counts = ['deny', 'warn'].includes(standingOf(finding));
  return {
    description: `${what}: ${message} ${remediation}${note === '' ? '' : ` (${note})`}`,
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
