import { isPlain, unprintable } from '../engine/message.ts';
import type { Report } from './report.ts';

/** One line that neither starts another nor steers a terminal nor turns the reading direction. */
export function oneLine(text: string): string {
  if (isPlain.test(text)) return text;
  return text.replace(/[\t\n\r]+/g, ' ').replace(unprintable, '?');
}

/**
 * The report with every text that comes from outside made one printable line, names of files included: what a format
 * renders from it is harmless in a terminal and legal in XML. Suggestions keep their lines.
 */
export function printableReport(report: Report): Report {
  const { findings, errors, skipped, judged, policies, renderings, baseline } = report;
  return {
    ...report,
    findings: findings.map((finding) => ({
      ...finding,
      ...cleaned(finding, ['message', 'remediation', 'pointer', 'locator', 'render', 'file', 'excerpt']),
      object: cleanObject(finding.object),
      ...(finding.suggestion === undefined
        ? {}
        : { suggestion: finding.suggestion.split('\n').map(oneLine).join('\n') }),
      ...(finding.exception === undefined
        ? {}
        : { exception: cleaned(finding.exception, ['owner', 'reason', 'expires']) }),
      ...(finding.ended === undefined
        ? {}
        : { ended: cleaned(finding.ended, ['owner', 'reason', 'expires']) }),
    })),
    errors: errors.map((error) => cleaned(error, ['message', 'render', 'file'])),
    skipped: skipped.map((skip) => ({
      ...cleaned(skip, ['reason', 'render', 'file']),
      ...(skip.object === undefined ? {} : { object: cleanObject(skip.object) }),
    })),
    judged: judged.map((one) => ({ ...cleaned(one, ['render', 'file']), object: cleanObject(one.object) })),
    policies: policies.map((policy) =>
      policy.controls === undefined ? policy : { ...policy, controls: policy.controls.map(oneLine) },
    ),
    ...(renderings === undefined
      ? {}
      : {
          renderings: renderings.map((one) =>
            cleaned(one, ['label', 'path', 'renderer', 'kubernetes', 'release', 'namespace']),
          ),
        }),
    ...(baseline === undefined
      ? {}
      : {
          baseline: {
            ...cleaned(baseline, ['file']),
            stale: baseline.stale.map((entry) => ({
              ...cleaned(entry, ['policy', 'messageId', 'locator', 'file']),
              object: cleaned(entry.object, ['group', 'kind', 'namespace', 'name']),
            })),
          },
        }),
  };
}

function cleanObject<T extends Report['judged'][number]['object']>(object: T): T {
  return cleaned(object, ['apiVersion', 'kind', 'namespace', 'name']);
}

function cleaned<T extends object>(value: T, keys: readonly (keyof T)[]): T {
  const clean = { ...value };
  for (const key of keys) {
    const text = clean[key];
    if (typeof text === 'string') clean[key] = oneLine(text) as T[typeof key];
  }
  return clean;
}
