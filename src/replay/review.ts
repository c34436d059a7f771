import type { Policy } from '#sdk';
import { paintFor, type Io } from '../cli/io.ts';
import { oneOf } from '../cli/one-of.ts';
import { compileOrThrow, readSettings } from '../config/settings-file.ts';
import { exitCode, UserError } from '../errors.ts';
import { jsonText } from '../report/json-text.ts';
import type { ReportError } from '../report/report.ts';
import { printable } from '../engine/message.ts';
import { compareVerdicts, groupChanges, type Change } from './compare.ts';
import { readReviews, type FoundReview } from './read-reviews.ts';
import { failuresOf, judgeOf, replay, type Judge, type Outcome, type Replayed } from './replay.ts';
import { comparisonText, reviewsText, type Comparison, type Told } from './review-text.ts';

export interface ReviewOptions {
  readonly settings?: string;
  readonly policies?: readonly string[];
  readonly filename?: readonly string[];
  /** Other settings, or `recorded`. */
  readonly against?: string;
  readonly profile?: string;
  readonly output?: string;
}

/** Reads policies as the settings of that name need them. */
export type Library = (settings: string | undefined) => Promise<readonly Policy[]>;

/** What `--against` takes for the verdicts that stand in the record. */
const recorded = 'recorded';

/** `daygate review`: judges recorded reviews again; returns the exit code. */
export async function review(
  paths: readonly string[],
  options: ReviewOptions,
  library: Library,
  io: Io,
): Promise<number> {
  const { against, output = 'text', filename = [] } = options;
  oneOf('output format', output, ['text', 'json']);
  const named = [...paths, ...filename];
  if (named.length === 0)
    throw new UserError(
      'usage',
      'name what to review: files or folders of serve --record, or - for standard input',
    );
  const after = await judgeBy(options.settings, library, io);
  if (options.profile !== undefined) oneOf('profile', options.profile, [...after.compiled.profiles.keys()]);
  const before =
    against === undefined || against === recorded ? undefined : await judgeBy(against, library, io);
  const input = named.includes('-') ? new TextDecoder().decode(await io.input()) : undefined;
  const found = readReviews(named, input);
  const run = replayAll(found.reviews, { after, before, against }, options, io);
  const errors: ReportError[] = [...found.errors, ...run.errors];
  if (run.replayed.length === 0 && errors.length === 0) {
    const message = `nothing was reviewed: no AdmissionReview in ${named.map((name) => printable(name)).join(', ')}`;
    errors.push({ code: 'nothing-checked', message });
  }
  const told = tell(run.replayed, errors, found.skipped);
  if (against === undefined) {
    io.out(
      output === 'json'
        ? jsonText({ version: 1, ...told, reviews: run.replayed })
        : reviewsText(run.replayed, told, paintFor(io)),
    );
    return exitCode(
      errors,
      run.replayed.some(({ outcome }) => outcome !== 'allowed'),
    );
  }
  if (against === recorded && run.withoutRecord > 0 && run.withoutRecord === run.replayed.length) {
    throw new UserError(
      'nothing-checked',
      '--against recorded: none of these reviews was recorded by daygate',
    );
  }
  const comparison: Comparison = {
    against: printable(against),
    changes: run.changes,
    groups: groupChanges(run.changes),
    notCompared: run.notCompared,
    withoutRecord: run.withoutRecord,
  };
  io.out(
    output === 'json'
      ? jsonText({ version: 1, ...told, ...comparison })
      : comparisonText(comparison, told, paintFor(io)),
  );
  return exitCode(errors, run.changes.length > 0);
}

async function judgeBy(settings: string | undefined, library: Library, io: Io): Promise<Judge> {
  const compiled = compileOrThrow(await readSettings(settings), await library(settings), { now: io.now() });
  return judgeOf(compiled);
}

interface Run {
  readonly replayed: readonly Replayed[];
  readonly changes: readonly Change[];
  readonly errors: readonly ReportError[];
  readonly notCompared: number;
  readonly withoutRecord: number;
}

interface Sides {
  readonly after: Judge;
  readonly before: Judge | undefined;
  readonly against: string | undefined;
}

function replayAll(
  reviews: Iterable<FoundReview>,
  { after, before, against }: Sides,
  { profile }: ReviewOptions,
  io: Io,
): Run {
  const [replayed, changes, errors]: [Replayed[], Change[], ReportError[]] = [[], [], []];
  const missing = new Set<string>();
  const common = { profile, now: io.now(), missingProfile: (name: string) => void missing.add(name) };
  const formerDefault = before?.compiled.settings.profile;
  const { profile: newDefault } = after.compiled.settings;
  if (profile === undefined && formerDefault !== undefined && formerDefault !== newDefault)
    io.err(
      `daygate: the default profile becomes ${newDefault}: what ${formerDefault} judged is judged by it, in namespaces that name ${formerDefault} themselves, too, since a record does not tell them apart\n`,
    );
  let [notCompared, withoutRecord] = [0, 0];
  for (const found of reviews) {
    const present = replay(after, found, { ...common, formerDefault });
    if ('code' in present) {
      errors.push(present);
      continue;
    }
    replayed.push(present);
    errors.push(...failuresOf(present));
    if (against === undefined) continue;
    const past = before === undefined ? found.record?.verdict : verdictOf(replay(before, found, common));
    if (past === undefined) {
      withoutRecord++;
      continue;
    }
    // Both sides see the same made-up values, but a verdict in the record is about the original.
    const blind = before === undefined ? (found.record?.notCompared ?? []).flatMap(inObject) : [];
    const compared = compareVerdicts(past, present, blind);
    if (compared.change !== undefined) changes.push(compared.change);
    notCompared += compared.notCompared;
  }
  if (missing.size > 0) {
    const names = [...missing].map((name) => printable(name, 63)).join(', ');
    io.err(
      `daygate: no profile ${names} in these settings: such reviews are judged by ${after.compiled.settings.profile}\n`,
    );
  }
  return { replayed, changes, errors, notCompared, withoutRecord };
}

function verdictOf(replayed: Replayed | ReportError): Replayed['verdict'] | undefined {
  return 'code' in replayed ? undefined : replayed.verdict;
}

/** A pointer into the request, as one into the object. */
function inObject(pointer: string): readonly string[] {
  const inside = /^\/(?:object|oldObject)(\/.*)?$/s.exec(pointer);
  return inside === null ? [] : [inside[1] ?? ''];
}

function tell(replayed: readonly Replayed[], errors: readonly ReportError[], skipped: Told['skipped']): Told {
  const number = (outcome: Outcome): number => replayed.filter((one) => one.outcome === outcome).length;
  const times = replayed.flatMap(({ time }) => time ?? []).sort();
  return {
    reviews: replayed.length,
    outcomes: { denied: number('denied'), warned: number('warned'), allowed: number('allowed') },
    from: times[0],
    to: times.at(-1),
    errors,
    skipped,
  };
}
