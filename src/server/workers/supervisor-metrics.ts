import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import { addDroppedLines, addGauge } from '../asked-metrics.ts';
import { endReasons, type EndReason } from './restarts.ts';
import { snapshotOf, type MetricsSnapshot } from './sum-metrics.ts';

/** What the supervisor itself adds to the metrics of its workers. */
interface SupervisorMetrics {
  restarted(reason: EndReason): void;
  readonly snapshot: () => Promise<MetricsSnapshot>;
}

export function createSupervisorMetrics(
  serving: () => number,
  droppedLines: () => number,
): SupervisorMetrics {
  const registry = new Registry();
  const restarts = new Counter({
    name: 'daygate_worker_restarts_total',
    help: 'Workers that were replaced, by how they ended',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const reason of endReasons) restarts.inc({ reason }, 0);
  addGauge(registry, 'workers', 'Workers that serve', serving);
  addDroppedLines(registry, droppedLines);
  collectDefaultMetrics({ register: registry });
  return {
    restarted: (reason) => restarts.inc({ reason }),
    snapshot: () => snapshotOf(registry),
  };
}
