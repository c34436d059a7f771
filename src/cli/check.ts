import { writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import type { Policy } from '#sdk';
import { nearest } from '../engine/nearest.ts';
import { compileOrThrow, readSettings } from '../config/settings-file.ts';
import { errorCodes, fileProblem, UserError, type ErrorCode } from '../errors.ts';
import { jsonReport } from '../report/json.ts';
import type { Report } from '../report/report.ts';
import { textReport } from '../report/text.ts';
import { findInputs } from './inputs.ts';
import { paintFor, type Io } from './io.ts';
import { judgeManifests } from './judge-manifests.ts';

export interface CheckOptions {
  readonly filename?: readonly string[];
  readonly namespace?: string;
  readonly output?: readonly string[];
  readonly only?: readonly string[];
  readonly set?: readonly string[];
  readonly profile?: string;
  readonly settings?: string;
  readonly kubernetes?: string;
  readonly crds?: readonly string[];
}

const formats = ['text', 'json'] as const;
type Format = (typeof formats)[number];

/** Judges manifests and prints what it found; returns the exit code. */
export async function check(
  paths: readonly string[],
  options: CheckOptions,
  policies: readonly Policy[],
  io: Io,
): Promise<number> {
  const outputs = (options.output ?? ['text']).map(parseOutput);
  const now = io.now();
  const file = readSettings(options.settings);
  const settings = {
    ...file.settings,
    ...(options.kubernetes === undefined ? {} : { kubernetes: kubernetesVersion(options.kubernetes) }),
  };
  const compiled = compileOrThrow({ ...file, settings }, policies, {
    now,
    ...(options.only === undefined
      ? {}
      : { only: options.only.flatMap((ids) => ids.split(',')).filter((id) => id !== '') }),
    ...(options.set === undefined ? {} : { set: parseSet(options.set) }),
  });
  const { profile, namespace } = options;
  if (profile !== undefined && !compiled.profiles.has(profile)) {
    const known = [...compiled.profiles.keys()];
    throw new UserError(
      'usage',
      `there is no profile ${profile}${nearest(profile, known)} (known: ${known.join(', ')})`,
    );
  }
  const all = [...paths, ...(options.filename ?? [])];
  if (all.length === 0) {
    throw new UserError(
      'usage',
      'nothing to check: name files, folders or patterns, or - for standard input',
    );
  }
  const inputs = await findInputs(all, io);
  // What settings name lies beside their file, wherever daygate is called.
  const beside = settings.crds.map((path) =>
    isAbsolute(path) ? path : join(dirname(file.file ?? ''), path),
  );
  const crds = await findInputs([...beside, ...(options.crds ?? [])], io);
  const report = withNothingChecked(
    await judgeManifests(compiled, inputs, {
      profile,
      namespace,
      now,
      crds,
      chosen: options.only !== undefined,
    }),
  );
  for (const { format, file: target } of outputs) {
    const text =
      format === 'json'
        ? jsonReport(report)
        : textReport(report, paintFor({ color: io.color && target === undefined }));
    if (target === undefined) io.out(text);
    else writeReport(target, text);
  }
  return exitCode(report);
}

/** Silence is never success: a run that judged nothing says so. */
function withNothingChecked(report: Report): Report {
  const { judged, files, objects } = report.coverage;
  if (judged > 0 || report.errors.length > 0) return report;
  const message = `nothing was checked: ${objects} object${objects === 1 ? '' : 's'} in ${files} file${files === 1 ? '' : 's'}, none that a policy looks at`;
  return { ...report, errors: [{ code: 'nothing-checked', message }] };
}

/** 0 clean, 1 findings, 2 not all could be judged, 3 a fault of daygate; the gravest counts. */
function exitCode(report: Report): number {
  const codes = report.errors.map(({ code }) =>
    code in errorCodes ? errorCodes[code as ErrorCode].exit : 2,
  );
  const counts = report.findings.some(({ action }) => action !== 'audit');
  return Math.max(0, ...codes, counts ? 1 : 0);
}

function parseOutput(text: string): { readonly format: Format; readonly file: string | undefined } {
  const [name = '', ...rest] = text.split('=');
  const format = formats.find((known) => known === name);
  if (format === undefined) {
    throw new UserError(
      'usage',
      `there is no output format ${name}${nearest(name, formats)} (known: ${formats.join(', ')})`,
    );
  }
  const file = rest.length === 0 ? undefined : rest.join('=');
  if (file === '')
    throw new UserError(
      'usage',
      `--output ${text}: write ${name}=FILE, or ${name} alone for standard output`,
    );
  return { format, file };
}

function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError('unreadable', `cannot write the report to ${file}: ${fileProblem(error)}`, file);
  }
}

function kubernetesVersion(text: string): string {
  const version = /^v?(1\.\d{1,3})(?:\.\d+)?$/.exec(text)?.[1];
  if (version === undefined)
    throw new UserError('usage', `--kubernetes ${text}: expected a version like 1.36`);
  return version;
}

/** `require-replicas.min=3` → `{ 'require-replicas': { min: 3 } }`; the value is YAML. */
export function parseSet(
  assignments: readonly string[],
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const set: Record<string, Record<string, unknown>> = {};
  for (const assignment of assignments) {
    const match = /^([\w-]+)\.([\w-]+)=(.*)$/s.exec(assignment);
    if (match === null)
      throw new UserError(
        'usage',
        `--set ${assignment}: write --set ID.key=VALUE, such as require-replicas.min=3`,
      );
    const [, id = '', key = '', value = ''] = match;
    try {
      (set[id] ??= {})[key] = parse(value);
    } catch {
      throw new UserError('usage', `--set ${id}.${key}: the value is no YAML`);
    }
  }
  return set;
}
