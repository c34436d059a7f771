import { existsSync, writeFileSync } from 'node:fs';
import type { Policy } from '#sdk';
import { readAuditReport } from '../audit/read-report.ts';
import { paintFor, type Io } from '../cli/io.ts';
import { oneOf } from '../cli/one-of.ts';
import type { SettingsFile } from '../config/parse-settings.ts';
import { compileOrThrow, readSettings } from '../config/settings-file.ts';
import { day, endOfDay } from '../engine/days.ts';
import type { Exception } from '../engine/settings.ts';
import { printable } from '../engine/message.ts';
import { nearest } from '../engine/nearest.ts';
import { codeOf, exitCode, fileProblem, UserError } from '../errors.ts';
import { readReviews } from '../replay/read-reviews.ts';
import type { AuditReport } from '../report/audit/audit-report.ts';
import { jsonText } from '../report/json-text.ts';
import { answerOf, type Answer } from './answer.ts';
import { changedSettings, type Change } from './changed-settings.ts';
import { draftExceptions, exceptionsYaml } from './draft-exceptions.ts';
import { rolloutText } from './rollout-text.ts';
import type { Standards } from './standards.ts';

export interface RolloutOptions {
  readonly report?: string;
  readonly reviews?: readonly string[];
  readonly profile?: string;
  readonly deny?: readonly string[];
  readonly settings?: string;
  readonly until?: string;
  readonly output?: string;
  readonly writeExceptions?: string;
  readonly owner?: string;
  readonly reason?: string;
  readonly expires?: string;
}

/** `daygate rollout`: what a stricter profile or policy would refuse; returns the exit code. */
export async function rollout(options: RolloutOptions, policies: readonly Policy[], io: Io): Promise<number> {
  const output = oneOf('output format', options.output ?? 'text', ['text', 'json']);
  const now = io.now();
  const at = options.until === undefined ? now : dayOf('--until', options.until);
  if (at < now - day)
    throw new UserError('usage', `--until ${options.until ?? ''}: is over: name a day to come`);
  const draft = draftOf(options, Math.max(at, now));
  const { report: reportFile, reviews = [] } = options;
  if (reportFile === undefined && reviews.length === 0)
    throw new UserError(
      'usage',
      'name what to predict from: --report with a report of daygate audit -o json, --reviews with records of daygate serve --record, or both',
    );
  const settings = await readSettings(options.settings);
  const change = changeOf(options, policies);
  const report = reportFile === undefined ? undefined : wholeReport(reportFile);
  const input = reviews.includes('-') ? new TextDecoder().decode(await io.input()) : undefined;
  const ask = (exceptions: readonly Exception[]): Answer => {
    const own = withExceptions(settings, exceptions);
    const standards = standardsOf(own, policies, { change, at: Math.max(at, now), now });
    return answerOf(report, reviews.length === 0 ? undefined : readReviews(reviews, input), standards);
  };
  const answer = ask([]);
  let written: { readonly file: string; readonly exceptions: number } | undefined;
  if (draft !== undefined) {
    const { file, ...answering } = draft;
    const { longestExceptionDays: longest } = settings.settings;
    if (endOfDay(answering.expires) > now + (longest + 1) * day)
      throw new UserError(
        'usage',
        `--expires ${answering.expires}: the settings let no exception last longer than ${longest} days (longestExceptionDays)`,
      );
    const exceptions = draftExceptions(answer.objects, answer.requests, answering);
    const left = ask(exceptions);
    if (left.objects.length + left.requests.length > 0)
      throw new Error('the exceptions that were drafted do not cover all that would be refused');
    if (exceptions.length > 0) {
      writeNew(file, exceptionsYaml(exceptions));
      written = { file, exceptions: exceptions.length };
    }
  }
  const asked = { ...change, ...(options.until === undefined ? {} : { until: options.until }) };
  io.out(
    output === 'json'
      ? jsonText({ version: 1, kind: 'rollout', asked, ...answer, written })
      : rolloutText({ asked, answer, written }, paintFor(io)),
  );
  const errors = [...answer.errors, ...answer.unknown.map(() => ({ code: 'nothing-checked' }))];
  return exitCode(errors, answer.objects.length + answer.requests.length > 0);
}

function changeOf({ profile, deny }: RolloutOptions, policies: readonly Policy[]): Change {
  if ((profile === undefined) === (deny === undefined))
    throw new UserError('usage', 'name what is to become stricter: --profile PROFILE, or --deny ID[,ID]');
  if (profile !== undefined) return { profile };
  const ids = policies.map(({ id }) => id);
  const named = (deny ?? []).flatMap((text) => text.split(',')).map((id) => id.trim());
  const unknown = named.find((id) => !ids.includes(id));
  if (unknown !== undefined)
    throw new UserError('usage', `--deny: there is no policy ${printable(unknown)}${nearest(unknown, ids)}`);
  return { deny: [...new Set(named)] };
}

/** A shard knows of some namespaces only, and nothing would say so of the others. */
function wholeReport(file: string): AuditReport {
  const report = readAuditReport(file);
  const { shard } = report.coverage;
  if (shard === undefined || shard.of === 1) return report;
  throw new UserError(
    'report',
    `report ${file}: is one of ${shard.of} shards: join them first: daygate merge -o json=FILE REPORT...`,
    file,
  );
}

function withExceptions(file: SettingsFile, more: readonly Exception[]): SettingsFile {
  const { settings } = file;
  return more.length === 0
    ? file
    : { ...file, settings: { ...settings, exceptions: [...settings.exceptions, ...more] } };
}

function standardsOf(
  file: SettingsFile,
  policies: readonly Policy[],
  { change, at, now }: Pick<Standards, 'change' | 'at'> & { readonly now: number },
): Standards {
  const before = compileOrThrow(file, policies, { now });
  if ('profile' in change) oneOf('profile', change.profile, [...before.profiles.keys()]);
  const changed = { ...file, settings: changedSettings(file.settings, change) };
  return { before, after: compileOrThrow(changed, policies, { now }), change, at };
}

interface Draft extends Pick<Exception, 'owner' | 'reason' | 'expires'> {
  readonly file: string;
}

function draftOf(options: RolloutOptions, at: number): Draft | undefined {
  const { writeExceptions: file, owner, reason, expires } = options;
  if (file === undefined) {
    if (owner === undefined && reason === undefined && expires === undefined) return undefined;
    throw new UserError('usage', '--owner, --reason and --expires belong to --write-exceptions FILE');
  }
  if (owner === undefined || reason === undefined || expires === undefined)
    throw new UserError(
      'usage',
      '--write-exceptions: say with --owner who answers for them, with --reason why, and with --expires until which day',
    );
  if (dayOf('--expires', expires) + day <= at)
    throw new UserError('usage', `--expires ${expires}: ends before the day that is asked about`);
  // Found before the work is done; writeNew makes sure.
  if (existsSync(file)) throw alreadyThere(file);
  return { file, owner, reason, expires };
}

function dayOf(option: string, text: string): number {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  // 2027-02-30 would become a day of March.
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(text)) return time;
  throw new UserError(
    'usage',
    `${option} ${printable(text)}: expected a day of the calendar, such as 2027-03-31`,
  );
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw alreadyThere(file);
    throw new UserError('unreadable', `cannot write ${file}: ${fileProblem(error)}`, file);
  }
}

function alreadyThere(file: string): UserError {
  return new UserError('usage', `--write-exceptions ${file}: is there already: name a new file`, file);
}
