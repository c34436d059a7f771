import { readBreakglass } from '../breakglass/suspended-configuration.ts';
import { ClusterError } from '../cluster/cluster-error.ts';
import { webhookConfigurations } from '../cluster/resource.ts';
import { printable } from '../engine/message.ts';
import { patiently, type Source } from './list-kind.ts';

/** What `daygate breakglass` has suspended, as long as nobody has put it back. */
export async function suspensionNotices(source: Source, now: number): Promise<readonly string[]> {
  const notices = new Set<string>();
  for (const resource of webhookConfigurations) {
    try {
      const found = await patiently(source.pace, () => source.cluster.get({ ...resource, name: 'daygate' }));
      const suspended = readBreakglass(found);
      if (suspended === undefined) continue;
      const { since, until, by, reason } = suspended;
      const state =
        Date.parse(until) > now ? `until ${until}` : `until ${until}, which is over, and was not undone`;
      notices.add(
        `enforcement is suspended since ${since} ${state}, by ${printable(by)}: ${printable(reason)} (daygate breakglass --undo puts it back)`,
      );
    } catch (error) {
      // Most audits may not read it, and many clusters have none.
      if (!(error instanceof ClusterError)) throw error;
    }
  }
  return [...notices];
}
