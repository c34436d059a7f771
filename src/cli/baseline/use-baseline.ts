import { existsSync, writeFileSync } from 'node:fs';
import { printable } from '../../engine/message.ts';
import { codeOf, fileProblem, UserError } from '../../errors.ts';
import { demandWritable, readPlainFile } from '../../plain-file.ts';
import { oneLine } from '../../report/one-line.ts';
import type { LocatedFinding, Report, StaleEntry } from '../../report/report.ts';
import { count, firstOf } from '../../report/words.ts';
import { daygateVersion } from '../../version.ts';
import { withoutFile, type Inputs } from '../inputs.ts';
import type { Io } from '../io.ts';
import { replaceFile } from '../write-file.ts';
import { identityKey, parseBaseline, renderBaseline, type KnownFinding } from './baseline-file.ts';
import { matchBaseline } from './match-baseline.ts';
import { seenBy, type BaselineScope } from './seen.ts';

export interface BaselineOptions {
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly failOnStaleBaseline?: boolean;
}

interface OpenBaseline {
  /** The baseline itself lies among the manifests more often than not. */
  withoutBaseline(inputs: Inputs): Inputs;
  /**
   * The report with what the baseline lists taken out of the count. With --write-baseline the file is written first,
   * unless not all could be checked: what is found then may be false, and what is not may be there.
   *
   * @throws UserError `baseline` where it cannot be written
   */
  compare(report: Report, scope: BaselineScope, io: Io): Report;
}

/**
 * Reads the baseline of a run, before anything is judged: nobody waits for a verdict that cannot be given.
 *
 * @throws UserError `usage`, `not-found`, `unreadable`, `baseline`, `baseline-version`
 */
export function openBaseline(options: BaselineOptions): OpenBaseline {
  const { file, entries } = readEntries(options);
  return {
    withoutBaseline: (inputs) => withoutFile(inputs, file, 'the baseline, no Kubernetes object'),
    compare: (report, scope, io) => {
      if (options.writeBaseline === undefined) {
        const compared = withBaseline(report, file, entries, scope);
        if (options.failOnStaleBaseline !== true || compared.baseline === undefined) return compared;
        return { ...compared, baseline: { ...compared.baseline, failsOnStale: true } };
      }
      if (report.errors.length > 0) {
        const names = new Set(
          report.errors.map(({ file: place, render, message }) => place ?? render ?? message),
        );
        const where = oneLine(firstOf([...names], 3));
        io.err(`daygate: baseline ${file}: not written, as not all could be checked: ${where}\n`);
        return report;
      }
      const { findings, text } = write(report, file, entries, scope);
      io.err(`daygate: ${text}\n`);
      return withBaseline(report, file, findings, scope);
    },
  };
}

interface Entries {
  readonly file: string;
  readonly entries: readonly KnownFinding[];
}

function readEntries({ baseline, writeBaseline, failOnStaleBaseline }: BaselineOptions): Entries {
  if (baseline !== undefined && writeBaseline !== undefined) {
    throw new UserError('usage', '--baseline and --write-baseline: use one of them at a time');
  }
  const file = baseline ?? writeBaseline;
  if (file === undefined || (failOnStaleBaseline === true && baseline === undefined)) {
    throw new UserError('usage', '--fail-on-stale-baseline: name the file with --baseline');
  }
  if (file === '') throw new UserError('usage', '--baseline: expected the name of a file');
  if (writeBaseline !== undefined) {
    try {
      demandWritable(writeBaseline);
    } catch (error) {
      throw unwritten(writeBaseline, error);
    }
  }
  let text: string;
  try {
    text = readPlainFile(file).toString();
  } catch (error) {
    const missing = codeOf(error) === 'ENOENT';
    if (missing && writeBaseline !== undefined) return { file, entries: [] };
    const mend = missing ? `: --write-baseline ${file} makes one` : '';
    const code = missing ? 'not-found' : 'unreadable';
    throw new UserError(code, `baseline ${file}: ${fileProblem(error)}${mend}`, file);
  }
  const { daygate, findings } = parseBaseline(text, file);
  const own = daygateVersion();
  // With --write-baseline it becomes one of this daygate.
  if (daygate !== own && writeBaseline === undefined) {
    const said = `was written by daygate ${printable(daygate)}, and this is ${own}, which may find other things`;
    const mend = `write it again with --write-baseline ${file} and look at what changes in it`;
    throw new UserError('baseline-version', `baseline ${file}: ${said}: ${mend}`, file);
  }
  return { file, entries: findings };
}

function withBaseline(
  report: Report,
  file: string,
  entries: readonly KnownFinding[],
  scope: BaselineScope,
): Report {
  const { known, stale, unseen } = matchBaseline(entries, seenBy(report, file, scope));
  return {
    ...report,
    findings: report.findings.map((finding, index) => (known[index] === true ? asKnown(finding) : finding)),
    baseline: {
      file,
      stale: stale.map(staleEntry),
      unseen: unseen.reduce((sum, { count }) => sum + count, 0),
    },
  };
}

function asKnown(finding: LocatedFinding): LocatedFinding {
  if (finding.exception !== undefined) return finding;
  return { ...finding, action: 'audit', baselined: { action: finding.action } };
}

function staleEntry({ object, policy, messageId, locator, count }: KnownFinding): StaleEntry {
  const { file, group, kind, namespace, name } = object;
  const reference = { group, kind, ...(namespace === undefined ? {} : { namespace }), name };
  return { policy, messageId, object: reference, locator, file, count };
}

/** Writes what counts now, and what the file lists that this run was not about. */
function write(
  report: Report,
  file: string,
  entries: readonly KnownFinding[],
  scope: BaselineScope,
): { readonly findings: readonly KnownFinding[]; readonly text: string } {
  const seen = seenBy(report, file, scope);
  const { stale, unseen } = matchBaseline(entries, seen);
  const merged = new Map<string, KnownFinding>();
  const add = (finding: Omit<KnownFinding, 'count'>, count: number): void => {
    const key = `${finding.object.file}\u0000${identityKey(finding)}`;
    merged.set(key, { ...finding, count: (merged.get(key)?.count ?? 0) + count });
  };
  for (const [index, finding] of seen.findings.entries()) {
    if (report.findings[index]?.action !== 'audit') add(finding, 1);
  }
  for (const entry of unseen) add(entry, entry.count);
  const findings = [...merged.values()];
  try {
    const text = renderBaseline({ daygate: daygateVersion(), findings });
    if (existsSync(file)) replaceFile(file, text);
    else writeFileSync(file, text);
  } catch (error) {
    throw unwritten(file, error);
  }
  const rest = [
    ...(unseen.length > 0
      ? [`${unseen.length} of them kept from before, as this run was not about them`]
      : []),
    ...(stale.length > 0 ? [`${stale.length} taken out that no longer occur`] : []),
  ];
  const written = `wrote ${file}: ${count(findings.length, 'entry', 'entries')}`;
  return { findings, text: [written, ...rest].join(', ') };
}

function unwritten(file: string, error: unknown): UserError {
  return new UserError('baseline', `baseline ${file}: cannot be written: ${fileProblem(error)}`, file);
}
