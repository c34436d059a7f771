import { z } from 'zod';
import { isRecord, property, records, text, type JsonRecord } from '#sdk';
import type { ApiObject } from '../cluster/cluster.ts';

/** Says who suspended enforcement, why, until when, and what stood there before. */
export const breakglassAnnotation = 'daygate.dev/breakglass';
/** `active`, so that `kubectl get validatingwebhookconfigurations -L daygate.dev/breakglass` shows it. */
export const breakglassLabel = 'daygate.dev/breakglass';

const savedWebhook = z.object({
  failurePolicy: z.enum(['Ignore', 'Fail']),
  timeoutSeconds: z.number(),
});

/** Whose the suspended fields are meanwhile: what conflicts of `helm upgrade` and `kubectl apply --server-side` name. */
export const fieldManager = 'daygate-breakglass';

const breakglassSchema = z.object({
  version: z.literal(1),
  /** RFC 3339. */
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  by: z.string(),
  reason: z.string(),
  /** What is put back, by the names of the webhooks. */
  webhooks: z.record(z.string(), savedWebhook),
});

/** A suspension of enforcement, as the webhook configuration tells of it. */
type Breakglass = z.output<typeof breakglassSchema>;

/** What the annotation of a configuration says; undefined where there is none, or none that can be read. */
export function readBreakglass(configuration: ApiObject): Breakglass | undefined {
  const told = property(property(configuration['metadata'], 'annotations'), breakglassAnnotation);
  try {
    return typeof told === 'string' ? breakglassSchema.parse(JSON.parse(told)) : undefined;
  } catch {
    return undefined;
  }
}

/** What to suspend. */
export interface SuspendOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly until: number;
  readonly by: string;
  readonly reason: string;
  /** Whether daygate is not called at all, instead of called and not obeyed. */
  readonly skipCalls: boolean;
}

/** A merge patch (RFC 7396) that is refused where the configuration was changed meanwhile. */
export interface ConfigurationChange {
  readonly patch: ApiObject;
  /** Names of webhooks that change. */
  readonly webhooks: readonly string[];
}

const skipCondition = { name: 'daygate-breakglass', expression: 'false' };
/** A path of daygate's own, behind whatever the address begins with. */
const ownPath = /\/(?:validate|mutate)\/[^/]+$/;
const suspendedPath = /\/suspended\/until-(\d{1,12})$/;
/** The API server takes no less. A daygate that does not answer costs this much. */
const shortestTimeout = 1;

/**
 * Suspends a configuration: requests go through whatever daygate says or does not say, until a time that stands in
 * the path. Done again it keeps what it found the first time.
 */
export function suspendConfiguration(configuration: ApiObject, options: SuspendOptions): ConfigurationChange {
  const { now, until, by, reason, skipCalls } = options;
  const before = readBreakglass(configuration);
  const webhooks = webhooksOf(configuration);
  const saved: Breakglass['webhooks'] = {};
  const changed = webhooks.map((webhook) => {
    const name = String(webhook['name']);
    // What was applied anew meanwhile is what is to come back.
    const known =
      isSuspended(webhook) && isSoft(webhook) ? property(before?.webhooks, name) : savedOf(webhook);
    if (known !== undefined) saved[name] = known;
    const address = addressOf(webhook);
    const step = `/suspended/until-${Math.floor(until / 1000)}`;
    const plain = address.replace(suspendedPath, '');
    const isOwn = ownPath.test(plain);
    return withConditions(
      {
        ...withAddress(webhook, isOwn ? plain + step : plain),
        failurePolicy: 'Ignore',
        timeoutSeconds: shortestTimeout,
      },
      // An address that nobody knows cannot be told to the server.
      skipCalls || !isOwn,
    );
  });
  const isFirst = before === undefined || !webhooks.some(isSuspended);
  const told: Breakglass = {
    version: 1,
    since: isFirst ? new Date(now).toISOString() : before.since,
    until: new Date(until).toISOString(),
    by,
    reason,
    webhooks: saved,
  };
  return {
    patch: patchOf(configuration, changed, JSON.stringify(told)),
    webhooks: webhooks.map(({ name }) => String(name)),
  };
}

interface Restored extends ConfigurationChange {
  /** Webhooks of which nobody knows any more what they were like. */
  readonly lost: readonly string[];
}

/**
 * Puts a configuration back; undefined where nothing is suspended. A webhook that somebody has applied anew meanwhile
 * stays as it is.
 */
export function restoreConfiguration(configuration: ApiObject): Restored | undefined {
  const before = readBreakglass(configuration);
  const webhooks = webhooksOf(configuration);
  const suspended = webhooks.filter(isSuspended);
  if (suspended.length === 0 && !isMarked(configuration)) return undefined;
  const lost: string[] = [];
  const changed = webhooks.map((webhook) => {
    if (!isSuspended(webhook)) return webhook;
    const plain = withConditions(withAddress(webhook, addressOf(webhook).replace(suspendedPath, '')), false);
    // Applied anew, but for the condition, which `kubectl apply` leaves alone.
    if (!isSoft(webhook)) return plain;
    const name = String(webhook['name']);
    const known = property(before?.webhooks, name);
    if (known === undefined) lost.push(name);
    return { ...plain, ...known };
  });
  return {
    patch: patchOf(configuration, changed, null),
    webhooks: suspended.map(({ name }) => String(name)),
    lost,
  };
}

/**
 * Gives up the fields that were put back; undefined where there are none. The API server would hold them against
 * whoever applies others later, as a chart with another failurePolicy does, long after everything is over.
 */
export function disownConfiguration({ metadata }: ApiObject): ConfigurationChange | undefined {
  const managers = records(property(metadata, 'managedFields') as readonly JsonRecord[]);
  const others = managers.filter(({ manager }) => manager !== fieldManager);
  // An empty list would change nothing.
  if (others.length === managers.length || others.length === 0) return undefined;
  const resourceVersion = property(metadata, 'resourceVersion');
  return { patch: { metadata: { resourceVersion, managedFields: others } }, webhooks: [] };
}

/** Until when a configuration is suspended, in milliseconds since 1970; undefined where it is not. */
export function endOfSuspension(configuration: ApiObject): number | undefined {
  const suspended = webhooksOf(configuration).filter(isSuspended);
  if (suspended.length === 0 && !isMarked(configuration)) return undefined;
  const told = readBreakglass(configuration)?.until;
  if (told !== undefined) return Date.parse(told);
  // Somebody took the annotation away: the paths say it, too.
  const times = suspended.map((webhook) => Number(suspendedPath.exec(addressOf(webhook))?.[1] ?? 0));
  return Math.max(0, ...times) * 1000;
}

function webhooksOf(configuration: ApiObject): readonly JsonRecord[] {
  return records(configuration['webhooks'] as readonly JsonRecord[]);
}

function isMarked({ metadata }: ApiObject): boolean {
  const [annotations, labels] = [property(metadata, 'annotations'), property(metadata, 'labels')];
  return (
    property(annotations, breakglassAnnotation) !== undefined ||
    property(labels, breakglassLabel) !== undefined
  );
}

function isSuspended(webhook: JsonRecord): boolean {
  return suspendedPath.test(addressOf(webhook)) || conditionsOf(webhook).some(isSkip);
}

function isSoft({ failurePolicy, timeoutSeconds }: JsonRecord): boolean {
  return failurePolicy === 'Ignore' && timeoutSeconds === shortestTimeout;
}

/** What the API server fills in where nothing was written: Fail and 10 seconds. */
function savedOf({ failurePolicy, timeoutSeconds }: JsonRecord): Breakglass['webhooks'][string] {
  return {
    failurePolicy: failurePolicy === 'Ignore' ? 'Ignore' : 'Fail',
    timeoutSeconds: typeof timeoutSeconds === 'number' ? timeoutSeconds : 10,
  };
}

/** The path of the Service, or the address of a daygate outside the cluster. */
function addressOf({ clientConfig }: JsonRecord): string {
  return (
    text(property(clientConfig, 'url')) ?? text(property(property(clientConfig, 'service'), 'path')) ?? ''
  );
}

function withAddress(webhook: JsonRecord, address: string): JsonRecord {
  const clientConfig = webhook['clientConfig'];
  if (!isRecord(clientConfig) || addressOf(webhook) === address) return webhook;
  const { service } = clientConfig;
  const changed = isRecord(service) ? { service: { ...service, path: address } } : { url: address };
  return { ...webhook, clientConfig: { ...clientConfig, ...changed } };
}

function conditionsOf({ matchConditions }: JsonRecord): readonly JsonRecord[] {
  return records(matchConditions as readonly JsonRecord[]);
}

function isSkip({ name }: JsonRecord): boolean {
  return name === skipCondition.name;
}

/** With the condition that nothing meets, or without it. */
function withConditions(webhook: JsonRecord, skips: boolean): JsonRecord {
  const others = conditionsOf(webhook).filter((condition) => !isSkip(condition));
  const matchConditions = [...others, ...(skips ? [skipCondition] : [])];
  if (matchConditions.length > 0) return { ...webhook, matchConditions };
  return Object.fromEntries(Object.entries(webhook).filter(([key]) => key !== 'matchConditions'));
}

/** The list of webhooks goes whole: a merge patch knows no items. */
function patchOf(
  { metadata }: ApiObject,
  webhooks: readonly JsonRecord[],
  annotation: string | null,
): ApiObject {
  return {
    metadata: {
      resourceVersion: property(metadata, 'resourceVersion'),
      annotations: { [breakglassAnnotation]: annotation },
      labels: { [breakglassLabel]: annotation === null ? null : 'active' },
    },
    webhooks,
  };
}
