import { messageOf, UserError } from '../../errors.ts';
import { describeError, type Logger } from '../../log/log.ts';
import { problemSteps, type ProblemStep, type ServiceMetrics } from './service-metrics.ts';

/** What does not work at the moment, and is tried again with the next run. */
export interface Problems {
  fail(step: ProblemStep, error: unknown): void;
  heal(step: ProblemStep): void;
  /** Why a step failed; undefined where it did not. */
  reason(step: ProblemStep): string | undefined;
  /** One line each. */
  lines(): readonly string[];
}

const consequences: Readonly<Record<ProblemStep, string>> = {
  settings: 'the settings or policies cannot be used: those before them stay',
  audit: 'the audit failed: what is served stays as it was',
  history: 'the report could not be kept in the history',
  'policy-reports': 'PolicyReports could not be written',
};

export function trackProblems(logger: Logger, metrics: Pick<ServiceMetrics, 'problem'>): Problems {
  const reasons = new Map<ProblemStep, string>();
  for (const step of problemSteps) metrics.problem(step, false);
  return {
    fail: (step, error) => {
      // The message of anything else may quote what it was about.
      const isTold = error instanceof UserError;
      const said = isTold ? { reason: messageOf(error) } : describeError(error);
      reasons.set(step, isTold ? messageOf(error) : 'an error of daygate: its log says where');
      metrics.problem(step, true);
      logger.error({ step, ...said }, consequences[step]);
    },
    heal: (step) => {
      if (!reasons.delete(step)) return;
      metrics.problem(step, false);
      logger.info({ step }, 'works again');
    },
    reason: (step) => reasons.get(step),
    lines: () => [...reasons].map(([step, reason]) => `${step}: ${consequences[step]}: ${reason}`),
  };
}
