import type { LogOptions } from '../../log/log.ts';
import type { UserError } from '../../errors.ts';
import type { Check } from '../readiness.ts';
import type { Served } from '../serve.ts';
import type { SelfSigned } from '../self-signed.ts';
import type { SettingsRelay } from '../settings/watched-settings.ts';
import type { StatusPart } from '../statusz.ts';
import { beatMs, type Beginning, type ToSupervisor, type ToWorker, type WorkersState } from './messages.ts';

/** What a worker has of its supervisor. */
export interface Membership {
  readonly selfSigned: SelfSigned | undefined;
  /** How many workers there are to be. */
  readonly workers: number;
  /** For the log: which worker this is. */
  readonly log: Pick<LogOptions, 'worker'>;
  /** For /readyz: what is wrong with the workers as a whole. */
  readonly check: Check;
  /** For /statusz: which worker this is, and how many there are. */
  readonly status: StatusPart;
  /** Settings from and to the other workers. */
  readonly relay: SettingsRelay;
  /** The metrics of all workers, as one. */
  readonly metricsText: () => Promise<string>;
  /** Says that it serves, and beats from now on. It ends when it is told to. */
  serving(served: Served): void;
  /** Says why it cannot start. */
  unusable(error: UserError): Promise<void>;
}

// Longer than the supervisor waits for the slowest worker.
const scrapeMs = 5_000;

/**
 * Makes this process, which a supervisor started, one of its workers. Where the supervisor ends without a word,
 * node:cluster ends this process.
 */
export async function joinSupervisor(): Promise<Membership> {
  // Ctrl-C reaches all processes of a terminal; the supervisor tells workers when to end.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  const begun = Promise.withResolvers<Beginning>();
  const scrapes = new Map<number, (text: string) => void>();
  let asked = 0;
  let state: WorkersState | undefined;
  let server: Served | undefined;
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'begin') begun.resolve(message);
    else if (message.kind === 'state') ({ state } = message);
    else if (message.kind === 'scraped') scrapes.get(message.id)?.(message.text);
    else if (message.kind === 'measure') {
      const { id } = message;
      // Without an answer its last words count; a rejection that nobody takes would end this process.
      server?.metrics().then(
        (metrics) => tell({ kind: 'measured', id, metrics }),
        () => undefined,
      );
    } else void end(server);
  });
  tell({ kind: 'hello' });
  const { worker, selfSigned, settings, state: known } = await begun.promise;
  state = known;
  return {
    selfSigned,
    workers: known.wanted,
    log: { worker },
    check: { name: 'workers', problem: () => state?.problem },
    status: {
      name: 'workers',
      value: () => ({ answered: worker, serving: state?.serving, wanted: state?.wanted }),
    },
    relay: {
      inherited: settings,
      onTaken: (taken) => tell({ kind: 'settings', settings: taken }),
    },
    metricsText: () => {
      asked += 1;
      const id = asked;
      return new Promise<string>((resolve, reject) => {
        const limit = setTimeout(() => reject(new Error('the supervisor does not answer')), scrapeMs);
        scrapes.set(id, (text) => {
          clearTimeout(limit);
          resolve(text);
        });
        tell({ kind: 'scrape', id });
      }).finally(() => scrapes.delete(id));
    },
    serving: (served) => {
      server = served;
      tell({ kind: 'serving' });
      setInterval(() => tell({ kind: 'beat' }), beatMs).unref();
    },
    unusable: ({ code, message, file }) =>
      new Promise((resolve) => {
        process.send?.({ kind: 'unusable', code, message, file } satisfies ToSupervisor, () => resolve());
      }),
  };
}

async function end(server: Served | undefined): Promise<void> {
  await server?.close().catch(() => undefined);
  process.exit(0);
}

function tell(message: ToSupervisor): void {
  // Where it cannot be told anything any more, this process is about to end.
  process.send?.(message, () => undefined);
}
