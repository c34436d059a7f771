import type { Policy } from '#sdk';
import { policyFolders, type LibraryOptions } from './config/library.ts';
import { loadPolicies } from './config/load-policies.ts';
import { compileOrThrow, readSettings } from './config/settings-file.ts';
import type { Fingerprint } from './engine/compile.ts';
import { profileNames } from './engine/profiles.ts';
import { UserError } from './errors.ts';
import { drainSecondsOf, logLevelOf, wholeNumber, writeCa } from './serve-options.ts';
import { serve } from './server/serve.ts';
import type { Membership } from './server/workers/join.ts';

/** What `daygate serve` takes on its command line. */
export interface ServeOptions {
  readonly settings?: string;
  readonly host: string;
  readonly port: string;
  readonly workers: string;
  readonly cert?: string;
  readonly key?: string;
  readonly clientCa?: string;
  readonly selfSigned?: boolean;
  readonly caOut?: string;
  readonly drainSeconds: string;
  readonly logLevel: string;
  /** Marks credentials in findings. */
  readonly fingerprint?: Fingerprint | undefined;
}

/**
 * Wires settings and policies to the server; it ends with SIGTERM or SIGINT, or as one worker of several when its
 * supervisor says so.
 */
export async function serveCommand(
  options: ServeOptions & LibraryOptions,
  builtIn: readonly Policy[],
  membership?: Membership,
): Promise<void> {
  const tls = tlsOf(options);
  const level = logLevelOf(options);
  const folders = policyFolders(options);
  // They are loaded here to know what they are about; they run in the sandbox, which loads them again.
  const settings = readSettings(options.settings);
  const loaded = await loadPolicies(folders, builtIn, profileNames(settings.settings));
  const own = loaded.map(({ policy }) => policy);
  const compiled = compileOrThrow(settings, [...builtIn, ...own], {
    now: Date.now(),
    sandboxed: new Set(own.map(({ id }) => id)),
    fingerprint: options.fingerprint,
  });
  const server = await serve({
    compiled: () => compiled,
    policyFolders: folders,
    tls: membership?.selfSigned ?? tls,
    host: options.host,
    port: wholeNumber('--port', options.port, 65_535),
    log: { level, ...membership?.log },
    drainSeconds: drainSecondsOf(options),
    signals: membership === undefined,
    ...(membership === undefined ? {} : { checks: [membership.check], metricsText: membership.metricsText }),
  });
  if (membership !== undefined) membership.serving(server);
  else await writeCa(options, server.caPem, () => server.close());
}

function tlsOf({ cert, key, clientCa, selfSigned, caOut }: ServeOptions): Parameters<typeof serve>[0]['tls'] {
  if (selfSigned === true) {
    if (cert !== undefined || key !== undefined)
      throw new UserError('usage', '--self-signed makes its own certificate: leave out --cert and --key');
    return { selfSigned: [] };
  }
  if (caOut !== undefined) throw new UserError('usage', '--ca-out goes with --self-signed');
  if (cert === undefined || key === undefined) {
    throw new UserError(
      'usage',
      'the API server talks HTTPS only: give --cert and --key, or --self-signed on a laptop',
    );
  }
  return { cert, key, ...(clientCa === undefined ? {} : { clientCa }) };
}
