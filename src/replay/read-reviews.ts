import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '#sdk';
import { codeOf, fileProblem } from '../errors.ts';
import { readPlainFile } from '../plain-file.ts';
import { recordedSchema, type RecordedReview } from '../record/recorded-review.ts';
import type { ReportError } from '../report/report.ts';

/** A review that was found in a file. */
export interface FoundReview {
  readonly file: string;
  /** 1 for the first; of a file that is one JSON text, the position in its list. */
  readonly line: number;
  /** The AdmissionReview, not checked. */
  readonly review: unknown;
  /** What `serve --record` wrote beside it. */
  readonly record?: Omit<RecordedReview, 'review'>;
}

export interface FoundReviews {
  readonly reviews: Iterable<FoundReview>;
  /** Filled while the reviews are read. */
  readonly errors: readonly ReportError[];
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  readonly files: readonly string[];
}

export const standardInput = '<stdin>';

// V8's longest text is 512 MiB; a server that records 64 MiB writes files of 8 MiB.
const longestFile = 256 * 1024 * 1024;

/**
 * Reads AdmissionReviews: lines of JSON as `serve --record` writes them, plain AdmissionReviews, one or a list of
 * them. Of a folder, its files .jsonl and .json. One file is in memory at a time.
 */
export function readReviews(paths: readonly string[], standardInputText: string | undefined): FoundReviews {
  const errors: ReportError[] = [];
  const skipped: { file: string; reason: string }[] = [];
  const files = paths.flatMap((path) => filesOf(path, errors));
  function* read(): Generator<FoundReview> {
    for (const file of files) {
      const text = file === standardInput ? standardInputText : textOf(file, errors);
      if (text !== undefined) yield* reviewsIn(text.replace(/^\ufeff/, ''), file, { errors, skipped });
    }
  }
  return { reviews: read(), errors, skipped, files };
}

function filesOf(path: string, errors: ReportError[]): readonly string[] {
  if (path === '-') return [standardInput];
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => /\.jsonl?$/.test(name));
    if (names.length === 0)
      errors.push({ code: 'not-found', message: 'no .jsonl or .json file in this folder', file: path });
    return names.sort().map((name) => join(path, name));
  } catch (error) {
    const isMissing = codeOf(error) === 'ENOENT';
    errors.push({ code: isMissing ? 'not-found' : 'unreadable', message: fileProblem(error), file: path });
    return [];
  }
}

function textOf(file: string, errors: ReportError[]): string | undefined {
  try {
    const { size } = statSync(file);
    if (size <= longestFile) return readPlainFile(file).toString();
    errors.push({ code: 'unreadable', message: 'is larger than 256 MiB: split it by lines', file });
  } catch (error) {
    errors.push({ code: 'unreadable', message: fileProblem(error), file });
  }
  return undefined;
}

interface Told {
  readonly errors: ReportError[];
  readonly skipped: { file: string; reason: string }[];
}

function* reviewsIn(text: string, file: string, told: Told): Generator<FoundReview> {
  const whole = parseJson(text);
  if (whole !== undefined) {
    const list: readonly unknown[] = Array.isArray(whole) ? whole : [whole];
    for (const [index, value] of list.entries()) yield* reviewOf(value, file, index + 1, told);
    return;
  }
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const value = parseJson(line);
    if (value !== undefined) yield* reviewOf(value, file, index + 1, told);
    else if (index > 0 && index === lines.length - 1)
      told.skipped.push({ file, reason: `line ${index + 1} was cut off while it was written` });
    else {
      told.errors.push({ code: 'bad-review', message: 'is no JSON', file, line: index + 1 });
      // A file of something else would say so with every line.
      if (index === 0) return;
    }
  }
}

function* reviewOf(value: unknown, file: string, line: number, { errors }: Told): Generator<FoundReview> {
  if (!isRecord(value) || value['daygateRecord'] === undefined) {
    yield { file, line, review: value };
    return;
  }
  const parsed = recordedSchema.safeParse(value);
  if (parsed.success) {
    const { review, ...record } = parsed.data;
    yield { file, line, review, record };
    return;
  }
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  errors.push({
    code: 'bad-review',
    message: `is no record that this daygate reads: ${problems.join('; ')}`,
    file,
    line,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
