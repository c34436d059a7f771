import type { DestinationStream } from 'pino';
import type { AddressInfo } from 'node:net';
import type { Facts } from '#sdk';
import type { Compiled } from '../engine/compile.ts';
import { messageOf, UserError } from '../errors.ts';
import { createLogger, type Logger, type LogLevel } from '../log/log.ts';
import { createServer } from './app.ts';
import type { CertificateFiles } from './certificate.ts';
import { closeOnSignals, createLifecycle } from './lifecycle.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { callItself, certificateCheck, policiesCheck, type Check } from './readiness.ts';
import type { TracesOptions } from './otlp-traces.ts';
import { settingsDigest } from './reviewer.ts';
import { startSandbox, type Sandbox } from './sandbox/sandbox.ts';
import { selfSigned } from './self-signed.ts';
import { fixedCertificate, watchedCertificate, type CertificateSource } from './tls.ts';
import type { Traces } from './traces.ts';

export interface ServeOptions {
  /** The settings in force; asked for every review. */
  readonly compiled: () => Compiled;
  /** Certificate files that are watched, or a CA of its own for the names given. */
  readonly tls: CertificateFiles | { readonly selfSigned: readonly string[] };
  readonly host?: string;
  /** 0 for any that is free. */
  readonly port?: number;
  /** Whether other processes or threads may listen on the same port and share its connections. */
  readonly reusePort?: boolean;
  readonly log?: { readonly level?: LogLevel; readonly destination?: DestinationStream };
  readonly limits?: Partial<Limits>;
  /** Where the policies come from that the settings were compiled to run in the sandbox. */
  readonly policyFolders?: readonly string[];
  /** How long it keeps answering after it was told to end. */
  readonly drainSeconds?: number;
  /** How long calls under way may take after that. */
  readonly graceSeconds?: number;
  /** Whether SIGTERM and SIGINT end the process in peace. */
  readonly signals?: boolean;
  readonly version?: string;
  /** Metrics of memory, event loop and garbage collection. */
  readonly processMetrics?: boolean;
  /** How many namespaces get metrics of their own. */
  readonly metricsNamespaces?: number | undefined;
  /** Sends traces to an OpenTelemetry collector. */
  readonly traces?: TracesOptions | undefined;
  /** Other objects for policies that relate objects to each other. */
  readonly facts?: () => Facts | undefined;
  /** More for /readyz to ask. */
  readonly checks?: readonly Check[];
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface Served {
  readonly url: string;
  readonly port: number;
  /** The CA that signed the certificate, where daygate made it itself. */
  readonly caPem: string | undefined;
  /** The process that runs policies of a team's own, where there are any. */
  readonly sandboxPid: () => number | undefined;
  /** Says that it is not ready, drains, and ends. */
  close(): Promise<void>;
}

// Endpoints are withdrawn within some seconds of a pod's end; 8 of terminationGracePeriodSeconds' usual 30 are
// spent on that, and 20 are left for what is under way.
const defaultDrainSeconds = 8;
const defaultGraceSeconds = 20;

/**
 * Starts the admission server and returns when it listens and has answered itself.
 *
 * @throws UserError `certificate`, `policies`, `listen` or `usage`
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { host = '0.0.0.0', port = 0, compiled, now = Date.now } = options;
  const logger = createLogger(options.log);
  const metrics = createMetrics({
    process: options.processMetrics ?? true,
    namespaces: options.metricsNamespaces,
    ...(options.version === undefined ? {} : { version: options.version }),
  });
  const traces = await openTraces(options, logger);
  const { source, caPem } = await openCertificate(options, now);
  const sandbox = await openSandbox(options, { logger, metrics, now }).catch((error: unknown) => {
    source.close();
    throw error;
  });
  let answered: string | undefined = 'the server has not answered itself yet';
  const checks: readonly Check[] = [
    policiesCheck(compiled, now),
    { name: 'self-call', problem: () => answered },
    certificateCheck(source.current, now),
    { name: 'not-draining', problem: () => (lifecycle.isDraining() ? 'the server is ending' : undefined) },
    ...(options.checks ?? []),
  ];
  const app = createServer({
    compiled,
    certificate: source,
    logger,
    metrics,
    now,
    checks,
    isDraining: () => lifecycle.isDraining(),
    sandbox,
    traces,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.facts === undefined ? {} : { facts: options.facts }),
  });
  const lifecycle = createLifecycle({
    drainMs: (options.drainSeconds ?? defaultDrainSeconds) * 1000,
    graceMs: (options.graceSeconds ?? defaultGraceSeconds) * 1000,
    stop: async () => {
      await app.close();
      await sandbox?.close();
      await traces?.close();
      source.close();
      stopListening();
      logger.info('ended');
      await new Promise<void>((resolve) => logger.flush(() => resolve()));
    },
    cut: () => app.server.closeAllConnections(),
  });
  const close = (): Promise<void> => {
    if (!lifecycle.isDraining())
      logger.info('ending: calls are still answered while endpoints are withdrawn');
    return lifecycle.close();
  };
  const stopListening = options.signals === true ? closeOnSignals(close) : () => undefined;
  try {
    await app.listen({ host, port, ...(options.reusePort === true ? { reusePort: true } : {}) });
  } catch (error) {
    source.close();
    await sandbox?.close();
    throw new UserError('listen', `${host}:${port}: ${messageOf(error)}`);
  }
  const address = app.server.address() as AddressInfo;
  const own = reachable(host);
  const selfCall = await callItself(address.port, own, () => source.current().fingerprint).then(
    () => undefined,
    (error: unknown) => `the server does not answer itself: ${messageOf(error)}`,
  );
  answered = selfCall;
  const url = `https://${own.includes(':') ? `[${own}]` : own}:${address.port}`;
  const { settings, profiles } = compiled();
  logger.info(
    {
      url,
      profiles: [...profiles.keys()],
      enforcement: settings.enforcement,
      failurePolicy: settings.webhook.failurePolicy,
      settings: settingsDigest(compiled()),
      selfCall: selfCall ?? 'ok',
    },
    'serving',
  );
  return { url, port: address.port, caPem, sandboxPid: () => sandbox?.pid(), close };
}

/** OpenTelemetry takes a tenth of a second to load and is loaded where it is asked for. */
async function openTraces({ traces, version }: ServeOptions, logger: Logger): Promise<Traces | undefined> {
  if (traces === undefined) return undefined;
  const { openOtlpTraces } = await import('./otlp-traces.ts');
  return openOtlpTraces(traces, { logger, version });
}

/** A sandbox, where the settings have policies for it. */
async function openSandbox(
  { compiled, policyFolders: folders = [], limits }: ServeOptions,
  rest: { readonly logger: Logger; readonly metrics: Metrics; readonly now: () => number },
): Promise<Sandbox | undefined> {
  const present = compiled();
  if (present.sandboxed.size === 0) return undefined;
  return startSandbox({ folders, compiled: present, limits: { ...defaultLimits, ...limits }, ...rest });
}

async function openCertificate(
  { tls }: ServeOptions,
  now: () => number,
): Promise<{ readonly source: CertificateSource; readonly caPem: string | undefined }> {
  if (!('selfSigned' in tls)) return { source: watchedCertificate(tls), caPem: undefined };
  const { certificate, caPem } = await selfSigned({ names: tls.selfSigned, now: now() });
  return { source: fixedCertificate(certificate), caPem };
}

/** Where a server that listens on every address can be reached from here. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
