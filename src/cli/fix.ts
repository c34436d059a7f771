import type { Policy } from '#sdk';
import { withinLimit } from '../config/time-limit.ts';
import type { Compiled } from '../engine/compiled.ts';
import { describeFault } from '../engine/policy-fault.ts';
import { fixReview } from '../engine/fix.ts';
import type { FixResult } from '../engine/run-fixes.ts';
import { judge, reference } from '../engine/judge.ts';
import { exitCode, fileProblem } from '../errors.ts';
import { oneLine } from '../report/one-line.ts';
import type { ReportError } from '../report/report.ts';
import { count } from '../report/words.ts';
import { errorLine } from './error-line.ts';
import { standardInput } from './inputs.ts';
import { paintFor, type Io } from './io.ts';
import { readItems, type Item } from './manifest-items.ts';
import { oneByOne } from './one-by-one.ts';
import { planFile, type FixedItem, type PlannedFile } from './plan-edits.ts';
import { chartFile } from './rendered/chart-files.ts';
import { readWrittenScope, whyNotFixed, type ScopeOptions } from './scope.ts';
import { maskedDiff } from './source-diff.ts';
import { replaceFile } from './write-file.ts';

export interface FixOptions extends ScopeOptions {
  /** Writes what policies only suggest, too. */
  readonly suggestions?: boolean;
  /** Prints the changes and writes nothing. */
  readonly diff?: boolean;
  /** Says what would be fixed and writes nothing. */
  readonly dryRun?: boolean;
}

/** Writes fixes into manifests; returns the exit code. */
export async function fix(
  paths: readonly string[],
  options: FixOptions,
  policies: readonly Policy[],
  io: Io,
): Promise<number> {
  const { compiled, inputs, crds } = await readWrittenScope(paths, options, policies, io);
  const { profile, namespace } = options;
  const contents = new Map<string, Uint8Array>();
  const read = await readItems(compiled, inputs, {
    profile,
    namespace,
    now: io.now(),
    crds,
    keep: (file, bytes) => contents.set(file, bytes),
  });
  const errors: ReportError[] = [...read.errors];
  if (read.items.length === 0 && errors.length === 0) {
    errors.push({ code: 'nothing-checked', message: 'nothing was fixed: there is no object in these files' });
  }
  const fixed = read.items.flatMap((item) => fixItem(compiled, item, options, errors));
  const files = planFiles(compiled, contents, fixed, options, errors);
  const writes = options.diff !== true && options.dryRun !== true;
  // Whoever fixes standard input wants the result in a pipe, and so does whoever asks for a diff.
  const aside = options.diff === true || contents.has(standardInput);
  const tell = (text: string): void => (aside ? io.err(text) : io.out(text));
  const changed: PlannedFile[] = [];
  const masked: PlannedFile[] = [];
  const ended = await oneByOne(files, (file) => {
    const isInput = file.file === standardInput;
    if (file.written.length > 0 && (isInput || !writes || write(file, errors))) changed.push(file);
    if (options.diff === true) {
      const diff = maskedDiff(file, paintFor(io));
      io.out(diff.text);
      if (diff.masked) masked.push(file);
    } else if (isInput && writes) io.out(file.after);
  });
  if (masked.length > 0)
    tell('lines of this diff are masked or cut: it is to be read, and not to be applied\n');
  if (ended !== undefined) {
    tell(summary(changed, writes));
    io.err('daygate: ended by a signal: what is not named above is as it was\n');
    return ended;
  }
  // Where nothing could be read, there is nothing to say of fixes.
  if (read.items.length > 0) {
    tell(summary(changed, writes) + warning(changed));
    tell(leftOver(compiled, fixed, changed, options, errors));
  }
  for (const chart of inputs.charts)
    io.err(`${oneLine(`not fixed: ${chartFile(chart)}: ${whyNotFixed(chart)}`)}\n`);
  for (const error of errors) io.err(`${errorLine(error)}\n`);
  return exitCode(errors, !writes && changed.length > 0);
}

function fixItem(
  compiled: Compiled,
  item: Item,
  options: FixOptions,
  errors: ReportError[],
): readonly FixedItem[] {
  try {
    const result = fixWith(compiled, item, options);
    for (const { policy, reason } of result.dropped) {
      // One that has nothing right to write here is no error: its finding is counted among those that are left.
      if (reason.includes('did not resolve')) continue;
      const message = `${policy}: ${reason} on ${titleOf(item)}`;
      errors.push({ code: 'policy-failed', message, file: item.file, policy });
    }
    return [{ item, result }];
  } catch (error) {
    const message = `${titleOf(item)} could not be fixed: it ${describeFault(error)}`;
    errors.push({ code: 'internal', message, file: item.file });
    return [];
  }
}

/** @param policies all, if they are not named */
function fixWith(
  compiled: Compiled,
  { review }: Item,
  { suggestions }: FixOptions,
  policies?: readonly string[],
): FixResult {
  const scope = suggestions === true ? 'all' : 'manifests';
  return withinLimit(() => fixReview(compiled, review, scope, policies));
}

function planFiles(
  compiled: Compiled,
  contents: ReadonlyMap<string, Uint8Array>,
  fixed: readonly FixedItem[],
  options: FixOptions,
  errors: ReportError[],
): readonly PlannedFile[] {
  const files: PlannedFile[] = [];
  // A file of which a part could not be read is left as it is: what cannot be read cannot be read again.
  const broken = new Set(
    errors.filter(({ code }) => code !== 'not-written' && code !== 'policy-failed').map(({ file }) => file),
  );
  const byFile = Map.groupBy(fixed, ({ item }) => item.file);
  for (const [file, bytes] of contents) {
    const own = byFile.get(file) ?? [];
    if (broken.has(file)) {
      if (own.some(({ result }) => result.patch.length > 0)) {
        const message = 'nothing was fixed in this file, because not all of it could be read';
        errors.push({ code: 'not-written', message, file });
      }
      continue;
    }
    const planned = planFile(file, bytes, own, (item, policies) =>
      fixWith(compiled, item, options, policies),
    );
    for (const { item, policies, reason } of planned.refused) {
      const message = `${policies.join(', ')} could not be written for ${titleOf(item)}: ${reason}. Edit it by hand`;
      const { line } = item.manifest.locate([]);
      errors.push({ code: 'not-written', message, file, line });
    }
    files.push(planned);
  }
  return files;
}

function write({ file, before, after }: PlannedFile, errors: ReportError[]): boolean {
  try {
    replaceFile(file, after, before);
    return true;
  } catch (error) {
    errors.push({ code: 'not-written', message: `cannot be written: ${fileProblem(error)}`, file });
    return false;
  }
}

function titleOf({ review }: Item): string {
  const { kind, namespace, name } = reference(review);
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

function summary(files: readonly PlannedFile[], writes: boolean): string {
  const verb = writes ? 'fixed' : 'would fix';
  const lines = files.flatMap(({ file, written }) =>
    written.map(
      ({ item, result }) => `${oneLine(`${verb} ${file}: ${titleOf(item)}: ${result.applied.join(', ')}`)}\n`,
    ),
  );
  return lines.length === 0 ? 'nothing to fix\n' : lines.join('');
}

/** Fields that take something from the program in a container. */
const restrictions = ['runAsNonRoot', 'runAsUser', 'capabilities', 'readOnlyRootFilesystem'];

/** Fixes are right for the policies; whether an image stands them is known to nobody here. */
function warning(files: readonly PlannedFile[]): string {
  const text = JSON.stringify(files.flatMap(({ written }) => written.map(({ result }) => result.patch)));
  const named = restrictions.filter((field) => new RegExp(`["/]${field}["/]`).test(text));
  return named.length === 0
    ? ''
    : `${named.join(', ')}: an image that needs root, whose user is a name and no number, or that needs a capability or a file system to write to stops working with these: try it before it goes live\n`;
}

/** What the manifests still have, so that nobody takes a fix for a clean check. */
function leftOver(
  compiled: Compiled,
  fixed: readonly FixedItem[],
  changed: readonly PlannedFile[],
  { suggestions }: FixOptions,
  errors: ReportError[],
): string {
  const written = new Map(
    changed.flatMap((file) => file.written.map(({ item, result }) => [item, result.object])),
  );
  const left = fixed.flatMap((one): readonly { readonly isSuggested: boolean }[] => {
    const object = written.get(one.item) ?? one.item.review.object;
    const review = { ...one.item.review, object };
    const verdict = withinLimit(() => judge(compiled, review, { enforcement: 'enforce' }));
    for (const { policy, message } of verdict.errors) {
      const { file } = one.item;
      errors.push({
        code: 'policy-failed',
        message: `${policy} ${message} on ${titleOf(one.item)}`,
        file,
        policy,
      });
    }
    return (
      verdict.findings
        .filter(({ action, exception }) => action !== 'audit' && exception === undefined)
        // What could not be written is no suggestion.
        .map(({ policy, fixable }) => ({ isSuggested: fixable && !one.result.applied.includes(policy) }))
    );
  });
  if (left.length === 0) return 'no findings are left\n';
  const suggested = suggestions === true ? 0 : left.filter(({ isSuggested }) => isSuggested).length;
  const hint = suggested === 0 ? '' : `; for ${suggested} of them --suggestions writes what is suggested`;
  const findings = count(left.length, 'finding is', 'findings are');
  return `${findings} left (daygate check shows them)${hint}\n`;
}
