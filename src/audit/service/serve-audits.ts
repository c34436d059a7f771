import type { AddressInfo } from 'node:net';
import { closeOnSignals } from '../../close-on-signals.ts';
import { openCluster } from '../../cluster/open-cluster.ts';
import type { ReadLibrary } from '../../config/reread-library.ts';
import { readSettings } from '../../config/settings-file.ts';
import { UserError } from '../../errors.ts';
import { cannotListen, hostAndPort } from '../../listen-address.ts';
import { flushed, openLog, type LogOptions } from '../../log/log.ts';
import { numberOption } from '../../number-option.ts';
import { logLevelOf } from '../../serve-options.ts';
import { daygateVersion } from '../../version.ts';
import { auditCluster, type AuditOptions } from '../audit-cluster.ts';
import type { AuditCommandOptions } from '../audit-command.ts';
import { paceOf } from '../pace.ts';
import { prepareAudit, type Judges } from '../prepare-audit.ts';
import { writePolicyReports } from '../write-policy-reports.ts';
import { createAuditService } from './audit-service.ts';
import { openHistory } from './history.ts';
import { trackProblems } from './problems.ts';
import { startSchedule } from './schedule.ts';
import { createServiceMetrics } from './service-metrics.ts';
import { parseEvery, parseListen } from './service-options.ts';
import { createSite } from './site.ts';

/** What `daygate audit --every` takes besides on its command line. */
export interface ServiceOptions extends AuditCommandOptions {
  readonly every: string;
  readonly listen?: string;
  readonly history?: string;
  readonly keep: string;
  readonly metricsNamespaces?: string;
  readonly logLevel: string;
}

interface ServingOptions {
  /** Reads the policies, a team's own included. */
  readonly library: () => Promise<ReadLibrary>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log?: LogOptions;
  /** Whether SIGTERM and SIGINT end the process in peace. */
  readonly signals: boolean;
}

interface Serving {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const mostKept = 10_000;
/** A series for each policy, action and namespace. */
const mostNamespaces = 100;

/**
 * `daygate audit --every`: audits at once and then every so often, and answers the last report by HTTP. Returns once it
 * listens.
 *
 * @throws UserError for what keeps it from starting; later it goes on, whatever fails
 */
export async function serveAudits(
  options: ServiceOptions,
  { library, now, log, signals }: ServingOptions,
): Promise<Serving> {
  const { listen, history: folder } = options;
  refuseOptionsOfOneRun(options);
  const everyMs = parseEvery(options.every);
  if (listen === undefined)
    throw new UserError(
      'usage',
      '--every goes with --listen, such as --listen :9090: how else would anybody see it?',
    );
  const { host, port } = parseListen(listen);
  const history =
    folder === undefined ? undefined : openHistory(folder, numberOption('--keep', options.keep, 1, mostKept));
  const namespaces =
    options.metricsNamespaces === undefined
      ? undefined
      : numberOption('--metrics-namespaces', options.metricsNamespaces, 1, mostNamespaces);
  const level = logLevelOf(options);
  const cluster = openCluster({ ...options, timeoutSeconds: 60 });
  const readJudges = async (): Promise<Judges> => ({
    ...(await library()),
    file: await readSettings(options.settings),
  });
  const prepare = (judges: Judges): AuditOptions => prepareAudit(options, cluster, judges, now());
  let judges = await readJudges();
  const { name, callsPerSecond } = prepare(judges);

  const { logger } = openLog({ level, ...log });
  const metrics = createServiceMetrics({ version: daygateVersion(), everyMs, namespaces, process: signals });
  const problems = trackProblems(logger, metrics);
  /** By the settings and policies as they are now, or as they last could be used. */
  const prepared = async (): Promise<AuditOptions> => {
    try {
      const read = await readJudges();
      const next = prepare(read);
      judges = read;
      problems.heal('settings');
      return next;
    } catch (error) {
      problems.fail('settings', error);
      return prepare(judges);
    }
  };
  const service = createAuditService({
    audit: async (earlier) => auditCluster({ ...(await prepared()), ...earlier }),
    publish:
      options.writePolicyReports === true
        ? async (report) => {
            const written = await writePolicyReports(cluster, paceOf(callsPerSecond), report);
            if (written.problems.length > 0) throw new UserError('cluster', written.problems.join('\n'));
            logger.info({ ...written, problems: undefined }, 'PolicyReports written');
          }
        : undefined,
    ...{ history, cluster: name, problems, metrics, logger, now },
  });
  await service.restore();

  let isEnding = false;
  const site = createSite({ service, problems, metrics, isEnding: () => isEnding });
  await site.listen({ host, port }).catch((error: unknown) => {
    throw cannotListen(host, port, error, '--listen');
  });
  const address = site.server.address() as AddressInfo;
  const url = `http://${hostAndPort(host === '' ? 'localhost' : host, address.port)}`;
  logger.info({ url, cluster: name, server: cluster.server, everySeconds: everyMs / 1000 }, 'serving');
  const schedule = startSchedule({ everyMs, run: () => service.run() });
  const close = async (): Promise<void> => {
    isEnding = true;
    // A run that is under way is not waited for: it has only read, or writes whole objects and files.
    schedule.stop();
    await site.close();
    stopListening();
    logger.info('ended');
    await flushed(logger);
  };
  const stopListening = signals ? closeOnSignals(close) : () => undefined;
  return { url, close };
}

/** @throws UserError `usage` */
function refuseOptionsOfOneRun({ output, failOn, since, trend, quiet, include }: ServiceOptions): void {
  const given = {
    '--output': output,
    '--fail-on': failOn,
    '--since': since,
    '--trend': trend,
    '--quiet': quiet,
    '--include': include,
  };
  for (const [option, value] of Object.entries(given))
    if (value !== undefined)
      throw new UserError(
        'usage',
        `${option} is for one run: with --every each run compares with the one before, and all are answered by HTTP`,
      );
}
