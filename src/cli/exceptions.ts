import type { Policy } from '#sdk';
import { compileOrThrow, readSettings } from '../config/settings-file.ts';
import { nearest } from '../engine/nearest.ts';
import { exitCode, UserError } from '../errors.ts';
import type { Report, ReportError } from '../report/report.ts';
import { exceptionsText } from './exceptions/exceptions-text.ts';
import { reviewExceptions, type ReviewedException } from './exceptions/review-exceptions.ts';
import { paintFor, type Io } from './io.ts';
import { judgeManifests } from './judge-manifests.ts';
import { oneOf } from './one-of.ts';
import { printableJson } from './printable-json.ts';
import { readRenderedScope, type ScopeOptions } from './scope.ts';

export interface ExceptionsOptions extends Omit<ScopeOptions, 'only' | 'set'> {
  readonly output?: string;
  /** `30d`: what ends sooner is expiring. */
  readonly within?: string;
  readonly failOn?: readonly string[];
}

const failures = ['expired', 'expiring', 'unused'] as const;
type Failure = (typeof failures)[number];

/** `daygate exceptions`: when each ends, and what it still hits; returns the exit code. */
export async function listExceptions(
  paths: readonly string[],
  options: ExceptionsOptions,
  policies: readonly Policy[],
  io: Io,
): Promise<number> {
  const { output = 'text', filename = [] } = options;
  oneOf('output format', output, ['text', 'json']);
  const withinDays = parseDays(options.within ?? '30d');
  const failOn = parseFailures(options.failOn ?? []);
  const hasPaths = paths.length + filename.length > 0;
  if (!hasPaths && failOn.includes('unused')) {
    throw new UserError('usage', '--fail-on unused: name the manifests, so that it shows what is used');
  }
  const now = io.now();
  const settings = await readSettings(options.settings);
  const compiled = compileOrThrow(settings, policies, { now });
  const report = hasPaths ? await judgeAll(paths, options, policies, io) : undefined;
  const exceptions = reviewExceptions(compiled, report, {
    now,
    withinDays,
    placeOf: (index) => settings.place(['exceptions', index]),
  });
  const errors: readonly ReportError[] = report?.errors ?? [];
  io.out(
    output === 'json'
      ? printableJson({
          version: 1,
          exceptions,
          errors,
          ...(report === undefined ? {} : { coverage: report.coverage }),
        })
      : exceptionsText(exceptions, errors, { file: settings.file, withinDays }, paintFor(io)),
  );
  return exitCode(
    errors,
    exceptions.some((exception) => failOn.some((failure) => isFailure(exception, failure))),
  );
}

function isFailure({ state, use }: ReviewedException, failure: Failure): boolean {
  return failure === 'unused' ? use === 'unused' : state === failure;
}

async function judgeAll(
  paths: readonly string[],
  options: ExceptionsOptions,
  policies: readonly Policy[],
  io: Io,
): Promise<Report> {
  const { compiled, inputs, renderings, crds } = await readRenderedScope(paths, options, policies, io);
  const { profile, namespace } = options;
  return judgeManifests(compiled, inputs, {
    profile,
    namespace,
    now: io.now(),
    crds,
    renderings,
    chosen: false,
    tell: (text) => io.err(text),
  });
}

function parseDays(text: string): number {
  const days = /^(\d{1,4})d?$/.exec(text)?.[1];
  if (days === undefined) throw new UserError('usage', `--within ${text}: expected days, such as 30d`);
  return Number(days);
}

function parseFailures(texts: readonly string[]): readonly Failure[] {
  return texts
    .flatMap((text) => text.split(','))
    .map((name) => {
      const known = failures.find((failure) => failure === name);
      if (known !== undefined) return known;
      const hint = nearest(name, failures);
      throw new UserError('usage', `--fail-on ${name}: expected ${failures.join(', ')}${hint}`);
    });
}
