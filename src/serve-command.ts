import { writeFileSync } from 'node:fs';
import type { Policy } from '#sdk';
import type { LibraryOptions } from './config/library.ts';
import type { Fingerprint } from './engine/compile.ts';
import { fileProblem, UserError } from './errors.ts';
import type { LogLevel } from './log/log.ts';
import { serve } from './server/serve.ts';
import { daygateVersion } from './version.ts';

/** What `daygate serve` takes on its command line. */
export interface ServeOptions {
  readonly settings?: string;
  readonly host: string;
  readonly port: string;
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
  readonly recordBytes: string;
  /** Marks credentials in findings. */
  readonly fingerprint?: Fingerprint | undefined;
}

const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Wires settings and policies to the server; it ends with SIGTERM or SIGINT. */
export async function serveCommand(
  options: ServeOptions & LibraryOptions,
  builtIn: readonly Policy[],
): Promise<void> {
  const tls = tlsOf(options);
  const level = logLevels.find((known) => known === options.logLevel);
  if (level === undefined) {
    throw new UserError('usage', `--log-level ${options.logLevel}: expected one of ${logLevels.join(', ')}`);
  }
  const server = await serve({
    compiled: {
      settings: options.settings,
      folders: options.policies ?? [],
      builtIn,
      fingerprint: options.fingerprint,
    },
    tls,
    host: options.host,
    port: wholeNumber('--port', options.port, 65_535),
    log: { level },
    version: daygateVersion(),
    ...(options.metricsNamespaces === undefined
      ? {}
      : { metricsNamespaces: wholeNumber('--metrics-namespaces', options.metricsNamespaces, 500) }),
    ...(options.traces === undefined
      ? {}
      : { traces: { ratio: share('--traces', options.traces), environment: process.env } }),
    drainSeconds: wholeNumber('--drain-seconds', options.drainSeconds, 3_600),
    signals: true,
    ...(options.record === undefined
      ? {}
      : { record: { folder: options.record, totalBytes: byteCount('--record-bytes', options.recordBytes) } }),
  });
  if (options.caOut === undefined || server.caPem === undefined) return;
  try {
    writeFileSync(options.caOut, server.caPem);
  } catch (error) {
    await server.close();
    throw new UserError('unreadable', `--ca-out ${options.caOut}: ${fileProblem(error)}`, options.caOut);
  }
}

function tlsOf(options: ServeOptions): Parameters<typeof serve>[0]['tls'] {
  const { cert, key, ca, clientCa, selfSigned, caOut } = options;
  if (selfSigned === true) {
    if (cert !== undefined || key !== undefined || ca !== undefined)
      throw new UserError(
        'usage',
        '--self-signed makes its own certificate: leave out --cert, --key and --ca',
      );
    return { selfSigned: [] };
  }
  if (caOut !== undefined) throw new UserError('usage', '--ca-out goes with --self-signed');
  if (cert === undefined || key === undefined) {
    throw new UserError(
      'usage',
      'the API server talks HTTPS only: give --cert and --key, or --self-signed on a laptop',
    );
  }
  return { cert, key, ca, clientCa };
}

function share(flag: string, text: string): number {
  const number = /^(?:0|1|0?\.\d{1,9})$/.test(text) ? Number(text) : Number.NaN;
  if (number <= 1) return number;
  throw new UserError('usage', `${flag} ${text}: expected a share from 0 to 1, such as 0.01`);
}

function wholeNumber(flag: string, text: string, most: number): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= most) return number;
  throw new UserError('usage', `${flag} ${text}: expected a whole number up to ${most}`);
}

const units = { '': 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 } as const;
/** Room for a few reviews of the longest kind. */
const fewestBytes = 1024 * 1024;

/** `64Mi`, as Kubernetes writes it. */
function byteCount(flag: string, text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,15})(Ki|Mi|Gi)?$/.exec(text) ?? [];
  const bytes = digits === '' ? Number.NaN : Number(digits) * units[unit as keyof typeof units];
  if (bytes >= fewestBytes && Number.isSafeInteger(bytes)) return bytes;
  throw new UserError('usage', `${flag} ${text}: expected a size of 1Mi or more, such as 64Mi or 2Gi`);
}
