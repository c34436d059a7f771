import type { AddressInfo } from 'node:net';
import type { Facts } from '#sdk';
import type { Compiled } from '../engine/compile.ts';
import { messageOf, UserError } from '../errors.ts';
import { openLog, type Logger, type LogOptions } from '../log/log.ts';
import { createServer } from './app.ts';
import type { CertificateFiles } from './certificate.ts';
import { closeOnSignals, createLifecycle, defaultDrainSeconds, defaultGraceSeconds } from './lifecycle.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { callItself, certificateCheck, policiesCheck, type Check } from './readiness.ts';
import { settingsDigest } from './reviewer.ts';
import { startSandbox, type Sandbox } from './sandbox/sandbox.ts';
import { selfSigned, type SelfSigned } from './self-signed.ts';
import { fixedCertificate, watchedCertificate, type CertificateSource } from './tls.ts';
import type { MetricsSnapshot } from './workers/sum-metrics.ts';

export interface ServeOptions {
  /** The settings in force; asked for every review. */
  readonly compiled: () => Compiled;
  /** Certificate files that are watched, a CA of its own for the names given, or one that was made already. */
  readonly tls: CertificateFiles | { readonly selfSigned: readonly string[] } | SelfSigned;
  readonly host?: string;
  /** 0 for any that is free. */
  readonly port?: number;
  readonly log?: LogOptions;
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
  /** What /metrics answers, where this is one worker of several. */
  readonly metricsText?: () => Promise<string>;
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
  /** The metrics of this server alone. */
  metrics(): Promise<MetricsSnapshot>;
  /** Says that it is not ready, drains, and ends. */
  close(): Promise<void>;
}

/**
 * Starts the admission server and returns when it listens and has answered itself.
 *
 * @throws UserError `certificate`, `policies` or `listen`
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { host = '0.0.0.0', port = 0, compiled, now = Date.now } = options;
  const { logger, droppedLines } = openLog(options.log);
  const metrics = createMetrics({
    process: options.processMetrics ?? true,
    droppedLines,
    ...(options.version === undefined ? {} : { version: options.version }),
  });
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
    metrics: { ...metrics, text: options.metricsText ?? metrics.text },
    now,
    checks,
    isDraining: () => lifecycle.isDraining(),
    sandbox,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.facts === undefined ? {} : { facts: options.facts }),
  });
  const lifecycle = createLifecycle({
    drainMs: (options.drainSeconds ?? defaultDrainSeconds) * 1000,
    graceMs: (options.graceSeconds ?? defaultGraceSeconds) * 1000,
    stop: async () => {
      await app.close();
      await sandbox?.close();
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
    await app.listen({ host, port });
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
  return {
    url,
    port: address.port,
    caPem,
    sandboxPid: () => sandbox?.pid(),
    metrics: metrics.snapshot,
    close,
  };
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
  if ('cert' in tls) return { source: watchedCertificate(tls), caPem: undefined };
  const { certificate, caPem } =
    'selfSigned' in tls ? await selfSigned({ names: tls.selfSigned, now: now() }) : tls;
  return { source: fixedCertificate(certificate), caPem };
}

/** Where a server that listens on every address can be reached from here. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
