import type { Policy } from '#sdk';
import { UserError } from './errors.ts';
import { numberOption } from './number-option.ts';
import {
  byteCount,
  drainSecondsOf,
  logLevelOf,
  shareOf,
  writeCa,
  type ServeOptions,
} from './serve-options.ts';
import { factsForServer } from './serve-facts.ts';
import type { CertificateFiles } from './server/certificate.ts';
import { serve, type ServeOptions as ServerOptions } from './server/serve.ts';
import type { Membership } from './server/workers/join.ts';

/**
 * Wires settings and policies to the server; it ends with SIGTERM or SIGINT, or as one worker of several when its
 * supervisor says so.
 */
export async function serveCommand(
  options: ServeOptions,
  builtIn: readonly Policy[],
  membership?: Membership,
): Promise<void> {
  const tls = tlsOf(options);
  const { metricsNamespaces, traces } = options;
  const workers = membership?.workers ?? 1;
  const server = await serve({
    compiled: {
      settings: options.settings,
      folders: options.policies ?? [],
      builtIn,
      fingerprint: options.fingerprint,
    },
    tls: membership?.selfSigned ?? tls,
    host: options.host,
    port: numberOption('--port', options.port, 0, 65_535),
    log: { level: logLevelOf(options), ...membership?.log },
    drainSeconds: drainSecondsOf(options),
    signals: membership === undefined,
    facts: factsForServer({ kubeconfig: options.kubeconfig, context: options.context }),
    metricsNamespaces:
      metricsNamespaces === undefined
        ? undefined
        : numberOption('--metrics-namespaces', metricsNamespaces, 0, 500),
    traces:
      traces === undefined ? undefined : { ratio: shareOf('--traces', traces), environment: process.env },
    record: recordOf(options, workers),
    checks: membership && [membership.check],
    status: membership && [membership.status],
    metricsText: membership?.metricsText,
    relay: membership?.relay,
  });
  if (membership !== undefined) membership.serving(server);
  else await writeCa(options, server.caPem, () => server.close());
}

function recordOf({ record: folder, recordBytes }: ServeOptions, workers: number): ServerOptions['record'] {
  if (folder !== undefined)
    return {
      folder,
      totalBytes: byteCount('--record-bytes', recordBytes ?? '64Mi', workers),
      writers: workers,
    };
  if (recordBytes === undefined) return undefined;
  throw new UserError('usage', '--record-bytes goes with --record: nothing is kept without a folder');
}

function tlsOf(options: ServeOptions): CertificateFiles | { readonly selfSigned: readonly string[] } {
  const { cert, key, ca, clientCa, selfSigned, caOut } = options;
  if (selfSigned === true) {
    if (cert !== undefined || key !== undefined || ca !== undefined)
      throw new UserError(
        'usage',
        '--self-signed makes its own certificate: leave out --cert, --key and --ca',
      );
    if (clientCa !== undefined)
      throw new UserError(
        'usage',
        '--client-ca goes with --cert and --key: with --self-signed anybody may ask',
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
