import { property } from '#sdk';
import { ClusterError, isStatus } from '../cluster/cluster-error.ts';
import type { ApiObject, Cluster } from '../cluster/cluster.ts';
import { nameOf, webhookConfigurations, type ObjectRef } from '../cluster/resource.ts';
import { printable } from '../engine/message.ts';
import { messageOf, UserError } from '../errors.ts';
import { fieldManager, type ConfigurationChange } from './suspended-configuration.ts';

/** How often somebody may change a configuration under our hands. */
const attempts = 5;

/** One of daygate's webhook configurations, as it was read. */
interface Found {
  readonly ref: ObjectRef;
  readonly configuration: ApiObject;
}

/**
 * The validating and the mutating one of that name, as far as they are there.
 *
 * @throws ClusterError; UserError where there is neither
 */
export async function readConfigurations(cluster: Cluster, name: string): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const resource of webhookConfigurations) {
    const ref = { ...resource, name };
    try {
      found.push({ ref, configuration: await cluster.get(ref) });
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
    }
  }
  if (found.length > 0) return found;
  throw new UserError(
    'cluster',
    `${cluster.server}: there is neither a ValidatingWebhookConfiguration nor a MutatingWebhookConfiguration ${name}, so daygate blocks nothing there: is this the right cluster?`,
  );
}

interface Telling {
  readonly dryRun: boolean;
  readonly say: (text: string) => void;
  readonly verb: string;
  /** What to do where only a part was done. */
  readonly unfinished: string;
  /** What is done with each that was changed. */
  readonly after?: (ref: ObjectRef) => Promise<unknown>;
}

/** Changes each as far as it can: what blocks one must not keep the other from being let go. */
export async function changeConfigurations(
  cluster: Cluster,
  found: readonly Found[],
  changeOf: (configuration: ApiObject) => ConfigurationChange | undefined,
  { dryRun, say, verb, unfinished, after }: Telling,
): Promise<void> {
  const problems: string[] = [];
  for (const one of found) {
    try {
      const change = await changeConfiguration(cluster, one, changeOf, dryRun);
      const webhooks = change?.webhooks ?? [];
      const done =
        webhooks.length === 0
          ? 'marks removed, as it was applied anew meanwhile'
          : `${verb}: ${webhooks.join(', ')}`;
      if (change !== undefined) say(`  ${nameOf(one.ref)}: ${dryRun ? 'would be ' : ''}${done}`);
      if (change !== undefined && !dryRun) await after?.(one.ref);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      problems.push(messageOf(error));
    }
  }
  if (problems.length === 0) return;
  if (problems.length < found.length) problems.push(`only a part was done: ${unfinished}`);
  throw new UserError('cluster', problems.join('\n'));
}

/**
 * Writes one; where somebody was faster, the change is made again of what stands there by then. The API server checks
 * a dry run like the write itself.
 */
export async function changeConfiguration(
  cluster: Cluster,
  { ref, configuration: first }: Found,
  changeOf: (configuration: ApiObject) => ConfigurationChange | undefined,
  dryRun: boolean,
): Promise<ConfigurationChange | undefined> {
  let configuration = first;
  for (let attempt = 1; ; attempt++) {
    const change = changeOf(configuration);
    if (change === undefined) return undefined;
    try {
      await cluster.patch(ref, change.patch, { type: 'merge', dryRun, fieldManager });
      return change;
    } catch (error) {
      if (!isStatus(error, 409) || attempt === attempts) throw error;
      configuration = await cluster.get(ref);
    }
  }
}

const selfSubjectReviews = { group: 'authentication.k8s.io', version: 'v1', resource: 'selfsubjectreviews' };

/** Whom the API server takes the caller for. Not worth failing for. */
export async function whoAsks(cluster: Cluster): Promise<string> {
  try {
    const review = await cluster.create(selfSubjectReviews, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
    });
    const name = property(property(property(review, 'status'), 'userInfo'), 'username');
    return typeof name === 'string' ? printable(name, 253) : 'unknown';
  } catch {
    return 'unknown';
  }
}
