import type { Compiled } from './engine/compiled.ts';
import { describeError, type Logger } from './log/log.ts';
import type { FactsSource } from './server/facts-source.ts';

/** Which cluster, as kubectl names it. */
interface ClusterOptions {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** Facts for a server, as its settings have it. The client of the API server is loaded where they say `facts: cluster`. */
export function factsForServer(options: ClusterOptions): (logger: Logger) => FactsSource {
  return (logger) => {
    let wanted: Compiled | undefined;
    let live: FactsSource | undefined;
    let loading: Promise<void> | undefined;

    const load = async (): Promise<void> => {
      try {
        const { openLiveFacts } = await import('./live-facts/live-facts.ts');
        if (wanted === undefined) return;
        live = openLiveFacts({ logger, ...options });
        live.follow(wanted);
      } catch (error) {
        logger.error(describeError(error), 'facts: the client of the API server cannot be loaded');
      } finally {
        loading = undefined;
      }
    };
    return {
      facts: () => live?.facts(),
      kinds: () => live?.kinds(),
      follow: (compiled) => {
        wanted = compiled.settings.facts === 'cluster' ? compiled : undefined;
        if (wanted === undefined) {
          void live?.close();
          live = undefined;
        } else if (live === undefined) loading ??= load();
        else live.follow(wanted);
      },
      close: async () => {
        wanted = undefined;
        await loading;
        await live?.close();
      },
    };
  };
}
