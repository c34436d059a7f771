import { writeFileSync } from 'node:fs';
import type { LibraryOptions } from './config/library.ts';
import type { Fingerprint } from './engine/compiled.ts';
import { fileProblem, UserError } from './errors.ts';
import type { LogLevel } from './log/log.ts';
import { numberOption } from './number-option.ts';

/** What `daygate serve` takes on its command line. */
export interface ServeOptions extends LibraryOptions {
  readonly host?: string;
  readonly port: string;
  readonly workers: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly clientCa?: string;
  readonly selfSigned?: boolean;
  readonly caOut?: string;
  readonly drainSeconds: string;
  readonly logLevel: string;
  readonly metricsNamespaces?: string;
  /** The share of reviews to trace, as it was written. */
  readonly traces?: string;
  readonly record?: string;
  readonly recordBytes?: string;
  /** Where the API server is, for `facts: cluster` in the settings. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Marks credentials in findings. */
  readonly fingerprint?: Fingerprint | undefined;
}

const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

export function logLevelOf({ logLevel }: Pick<ServeOptions, 'logLevel'>): LogLevel {
  const level = logLevels.find((known) => known === logLevel);
  if (level !== undefined) return level;
  throw new UserError('usage', `--log-level ${logLevel}: expected one of ${logLevels.join(', ')}`);
}

export function drainSecondsOf({ drainSeconds }: ServeOptions): number {
  return numberOption('--drain-seconds', drainSeconds, 0, 3_600);
}

export function shareOf(flag: string, text: string): number {
  const number = /^(?:0|1|0?\.\d{1,9})$/.test(text) ? Number(text) : Number.NaN;
  if (number <= 1) return number;
  throw new UserError('usage', `${flag} ${text}: expected a share from 0 to 1, such as 0.01`);
}

const units = { '': 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 } as const;
/** `64Mi`, as Kubernetes writes it. Each worker needs room for a few reviews of the longest kind: 1 MiB. */
export function byteCount(flag: string, text: string, workers: number): number {
  const [, digits = '', unit = ''] = /^(\d{1,15})(Ki|Mi|Gi)?$/.exec(text) ?? [];
  const bytes = digits === '' ? Number.NaN : Number(digits) * units[unit as keyof typeof units];
  if (bytes >= workers * units.Mi && Number.isSafeInteger(bytes)) return bytes;
  const share = workers === 1 ? '' : ` with ${workers} workers`;
  throw new UserError(
    'usage',
    `${flag} ${text}: expected a size of ${workers}Mi or more${share}, such as 64Mi or 2Gi`,
  );
}

/** Writes the CA of this run where --ca-out asks for it; nothing serves on where that cannot be done. */
export async function writeCa(
  { caOut }: ServeOptions,
  caPem: string | undefined,
  close: () => Promise<void>,
): Promise<void> {
  if (caOut === undefined || caPem === undefined) return;
  try {
    writeFileSync(caOut, caPem);
  } catch (error) {
    await close();
    throw new UserError('unreadable', `--ca-out ${caOut}: ${fileProblem(error)}`, caOut);
  }
}
