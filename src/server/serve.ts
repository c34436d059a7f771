import type { AddressInfo } from 'node:net';
import { closeOnSignals } from '../close-on-signals.ts';
import type { Compiled } from '../engine/compiled.ts';
import { messageOf, UserError } from '../errors.ts';
import { cannotListen, hostAndPort } from '../listen-address.ts';
import { flushed, openLog, type Logger, type LogOptions } from '../log/log.ts';
import { daygateVersion } from '../version.ts';
import { createServer } from './app.ts';
import type { CertificateFiles } from './certificate.ts';
import { createLifecycle, defaultDrainSeconds, defaultGraceSeconds } from './lifecycle.ts';
import { factsCheck, factsStatus, noFacts, type FactsSource } from './facts-source.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { createMetrics } from './metrics.ts';
import { logServing } from './log-serving.ts';
import { callItself, certificateCheck, policiesCheck, type Check } from './readiness.ts';
import type { TracesOptions } from './otlp-traces.ts';
import { openRecordFiles, type RecordFilesOptions } from './record/record-files.ts';
import { createRecorder } from './record/recorder.ts';
import { startSandbox } from './sandbox/sandbox.ts';
import { serverStatus } from './server-status.ts';
import { selfSigned, type SelfSigned } from './self-signed.ts';
import { fixedSettings, ownPolicies, settingsCheck, type SettingsSource } from './settings/in-force.ts';
import type { SettingsOrigin, SettingsTools } from './settings/load-settings.ts';
import { watchedSettings, type SettingsRelay, type SettingsWatch } from './settings/watched-settings.ts';
import type { StatusPart } from './statusz.ts';
import { createSuspension } from './suspension.ts';
import { fixedCertificate, watchedCertificate, type CertificateSource } from './tls.ts';
import type { MetricsSnapshot } from './workers/sum-metrics.ts';

export interface ServeOptions {
  /** Files that are watched, or what somebody else has compiled, asked for every review. */
  readonly compiled: SettingsOrigin | (() => Compiled);
  /** Certificate files that are watched, a CA of its own for the names given, or one that was made already. */
  readonly tls: CertificateFiles | { readonly selfSigned: readonly string[] } | SelfSigned;
  /** All addresses unless it is given, those of IPv6 too where there are any. */
  readonly host?: string | undefined;
  /** 0 for any that is free. */
  readonly port?: number;
  readonly log?: LogOptions;
  readonly limits?: Partial<Limits>;
  /** Where the policies come from that settings were compiled, by somebody else, to run in the sandbox. */
  readonly policyFolders?: readonly string[];
  /** How files are watched. */
  readonly watch?: SettingsWatch;
  /** Where settings come from and go to besides, where this is one worker of several. */
  readonly relay?: SettingsRelay | undefined;
  /** How long it keeps answering after it was told to end. */
  readonly drainSeconds?: number;
  /** How long calls under way may take after that. */
  readonly graceSeconds?: number;
  /** Whether SIGTERM and SIGINT end the process in peace. */
  readonly signals?: boolean;
  /** That of this daygate unless it is given. */
  readonly version?: string;
  /** Where redacted reviews are kept, and how much of them. */
  readonly record?: RecordOptions | undefined;
  /** Metrics of memory, event loop and garbage collection. */
  readonly processMetrics?: boolean;
  /** How many namespaces get metrics of their own. */
  readonly metricsNamespaces?: number | undefined;
  /** Sends traces to an OpenTelemetry collector. */
  readonly traces?: TracesOptions | undefined;
  /** What /metrics answers, where this is one worker of several. */
  readonly metricsText?: (() => Promise<string>) | undefined;
  /** Other objects for policies that relate objects to each other. */
  readonly facts?: (logger: Logger) => FactsSource;
  /** More for /readyz to ask. */
  readonly checks?: readonly Check[] | undefined;
  /** More for /statusz to tell. */
  readonly status?: readonly StatusPart[] | undefined;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

interface RecordOptions extends RecordFilesOptions {
  /** Milliseconds, only forward: by it recording measures the time that it takes. */
  readonly clock?: () => number;
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

/** After how long a server that has not answered itself is called again. */
const againMs = 1_000;

/**
 * Starts the admission server and returns when it listens and has answered itself.
 *
 * @throws UserError `certificate`, `settings`, `policies`, `unreadable`, `listen` or `usage`
 */
export async function serve(options: ServeOptions): Promise<Served> {
  // Where it is empty Node.js takes all addresses: of both families, or of IPv4 where the machine has no other.
  const { host = '', port = 0, now = Date.now, version = daygateVersion(), record } = options;
  const startedAt = now();
  const { logger, droppedLines } = openLog(options.log);
  const metrics = createMetrics({
    process: options.processMetrics ?? true,
    namespaces: options.metricsNamespaces,
    droppedLines,
    version,
  });
  const suspension = createSuspension();
  metrics.suspension(() => suspension.state(now()));
  const recorder =
    record &&
    createRecorder({ ...record, files: openRecordFiles(record), version, logger, count: metrics.recorded() });
  const traces =
    options.traces &&
    // OpenTelemetry takes a tenth of a second to load.
    (await import('./otlp-traces.ts')).openOtlpTraces(options.traces, { logger, version });
  const { source, caPem } = await openCertificate(options, now);
  const limits = { ...defaultLimits, ...options.limits };
  const facts = options.facts?.(logger) ?? noFacts;
  metrics.facts(() => facts.kinds() ?? []);
  const tools = { logger, metrics, limits, now, onInForce: facts.follow };
  const settings = await openSettings(options, tools).catch((error: unknown) => {
    source.close();
    throw error;
  });
  metrics.ownPolicies(() => ownPolicies(settings.current()));
  let answered: string | undefined = 'the server has not answered itself yet';
  const certificate = certificateCheck(source.current, now);
  const selfCall: Check = { name: 'self-call', problem: () => answered };
  const isDraining = (): boolean => lifecycle.isDraining();
  const checks: readonly Check[] = [
    policiesCheck(() => settings.current().compiled, now),
    settingsCheck(settings),
    selfCall,
    certificate,
    { name: 'not-draining', problem: () => (isDraining() ? 'the server is ending' : undefined) },
    factsCheck(facts),
    ...(options.checks ?? []),
  ];
  const status = serverStatus({
    version,
    settings,
    certificate: source.current,
    checks,
    isDraining,
    suspension: () => suspension.state(now()),
    startedAt,
  });
  const { app, cut } = createServer({
    settings: settings.current,
    certificate: source,
    logger,
    metrics: { ...metrics, text: options.metricsText ?? metrics.text },
    now,
    checks,
    status: [...status, factsStatus(facts), ...(options.status ?? [])],
    isDraining,
    limits,
    traces,
    suspension,
    record: recorder?.take,
    facts: facts.facts,
  });
  const lifecycle = createLifecycle({
    drainMs: (options.drainSeconds ?? defaultDrainSeconds) * 1000,
    graceMs: (options.graceSeconds ?? defaultGraceSeconds) * 1000,
    stop: async () => {
      await app.close();
      await settings.close();
      await facts.close();
      await recorder?.close();
      await traces?.close();
      source.close();
      stopListening();
      logger.info('ended');
      await flushed(logger);
    },
    cut,
  });
  const close = (): Promise<void> => {
    if (!isDraining()) logger.info('ending: calls are still answered while endpoints are withdrawn');
    return lifecycle.close();
  };
  const stopListening = options.signals === true ? closeOnSignals(close) : () => undefined;
  try {
    await app.listen({ host, port });
  } catch (error) {
    source.close();
    await settings.close();
    await facts.close();
    throw cannotListen(host, port, error, '--host and --port');
  }
  const address = app.server.address() as AddressInfo;
  const own = reachable(host);
  const callSelf = async (): Promise<void> => {
    answered = await callItself(address.port, own, () => source.current().fingerprint).then(
      () => undefined,
      (error: unknown) => `the server does not answer itself: ${messageOf(error)}`,
    );
    // A machine may be busy, and another worker may answer that has not seen the new certificate yet.
    if (answered !== undefined && !isDraining()) setTimeout(() => void callSelf(), againMs).unref();
  };
  await callSelf();
  const url = `https://${hostAndPort(own, address.port)}`;
  logServing(logger, url, settings.current(), { selfCall, certificate });
  return {
    url,
    port: address.port,
    caPem,
    sandboxPid: () => settings.current().sandbox?.pid(),
    metrics: metrics.snapshot,
    close,
  };
}

async function openSettings(
  { compiled, policyFolders: folders = [], watch, relay }: ServeOptions,
  tools: SettingsTools,
): Promise<SettingsSource> {
  if (typeof compiled !== 'function') return watchedSettings(compiled, tools, watch, relay);
  const { settings, sandboxed } = compiled();
  const sandbox =
    sandboxed.size === 0 ? undefined : await startSandbox({ folders, settings, builtIn: [], ...tools });
  const [problem] = sandbox?.loaded.problems ?? [];
  if (problem !== undefined) throw new UserError('policies', `${problem.path.join('.')}: ${problem.message}`);
  return fixedSettings(compiled, sandbox, tools);
}

async function openCertificate(
  { tls, watch }: ServeOptions,
  now: () => number,
): Promise<{ readonly source: CertificateSource; readonly caPem: string | undefined }> {
  if ('cert' in tls) return { source: watchedCertificate(tls, now, watch), caPem: undefined };
  const { certificate, caPem } =
    'selfSigned' in tls ? await selfSigned({ names: tls.selfSigned, now: now() }) : tls;
  return { source: fixedCertificate(certificate), caPem };
}

/** Where a server that listens on every address can be reached from here. */
function reachable(host: string): string {
  if (host === '' || host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
