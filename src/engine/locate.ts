import type { Path } from '#sdk';

function escapeStep(step: string): string {
  return /[/~]/.test(step) ? step.replaceAll('~', '~0').replaceAll('/', '~1') : step;
}

/** `~` and `/` escaped as RFC 6901 asks. */
export function jsonPointer(path: Path): string {
  let pointer = '';
  for (const step of path) {
    pointer += '/';
    pointer += typeof step === 'number' ? String(step) : escapeStep(step);
  }
  return pointer;
}

function unescapeStep(step: string): string {
  return step.includes('~') ? step.replaceAll('~1', '/').replaceAll('~0', '~') : step;
}

/** The steps of a JSON Pointer: whether digits are an index or a key, only the object tells. */
export function pointerSteps(pointer: string): string[] {
  return pointer.split('/').slice(1).map(unescapeStep);
}

/**
 * What names an item in the lists that policies look into: the merge keys of the Kubernetes API reference
 * (patchMergeKey, x-kubernetes-list-map-keys).
 */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  volumeClaimTemplates: ['metadata.name'],
  ports: ['containerPort', 'port', 'protocol'],
  imagePullSecrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  sysctls: ['name'],
  httpHeaders: ['name'],
  subjects: ['kind', 'namespace', 'name'],
  webhooks: ['name'],
  groups: ['name'],
  listeners: ['name'],
  parameters: ['name'],
};

/** The obvious names where a list is atomic, with the fields on the way to them. */
const ownNames: Readonly<Record<string, readonly string[]>> = {
  endpoints: ['port', 'targetPort'],
  envFrom: ['prefix', 'secretRef.name', 'configMapRef.name'],
  items: ['key'],
  matches: ['path.value', 'method.service', 'method.method'],
  matchExpressions: ['key'],
  metrics: [
    'containerResource.container',
    ...['resource', 'containerResource', 'pods.metric', 'object.metric', 'external.metric'].map(
      (source) => `${source}.name`,
    ),
  ],
  paths: ['path'],
  podMetricsEndpoints: ['port', 'portNumber', 'targetPort'],
  routes: ['path'],
  // Of an Ingress, of an alert or a recording, and of a route. Those of roles and network policies have none.
  rules: ['host', 'alert', 'record', 'name', 'matches.0.path.value'],
  sources: ['secret.name', 'configMap.name'],
  subroutes: ['path'],
  tls: ['secretName'],
  triggers: ['type', 'name'],
  versions: ['name'],
};

/** Lists of plain values that say all by themselves, and are never credentials. */
const ownValues: ReadonlySet<string> = new Set(['add', 'hostnames', 'hosts', 'supplementalGroups']);

const nameless: readonly string[] = [];

function keysIn(table: Readonly<Record<string, readonly string[]>>, list: string): readonly string[] {
  return (Object.hasOwn(table, list) ? table[list] : undefined) ?? nameless;
}

/** The fields that may name the items of a list, the best first. */
export function mergeKeysOf(list: string): readonly string[] {
  return keysIn(mergeKeys, list);
}

const plainStep = /^[a-z_][\w-]*$/i;

/** What a step of a path leads to, in an object or a list; undefined where there is nothing. Never throws. */
export function member(value: unknown, step: string | number): unknown {
  if (value === null || typeof value !== 'object') return undefined;
  return Object.hasOwn(value, step) ? (value as Record<string | number, unknown>)[step] : undefined;
}

/** The key of an item that is its own name. */
const itself = '';
const onlyItself: readonly string[] = [itself];

function namingKeys(list: string): readonly string[] {
  const keys = mergeKeysOf(list);
  if (keys.length > 0) return keys;
  return ownValues.has(list) ? onlyItself : keysIn(ownNames, list);
}

function itemName(item: unknown, keys: readonly string[]): string | undefined {
  const parts: string[] = [];
  for (const key of keys) {
    const value = key === itself ? item : key.split('.').reduce(member, item);
    // What the API server fills in must not change the name.
    if (key === 'protocol' && (value === 'TCP' || value === '')) continue;
    if (typeof value === 'string' || typeof value === 'number') parts.push(String(value));
  }
  return parts.length === 0 ? undefined : parts.join('/');
}

/** What stands for an item without a name, between the brackets. */
export type Unnamed = (item: unknown, index: number) => string;

const byPosition: Unnamed = (_, index) => String(index);
const asWritten = (text: string): string => text;

/**
 * The stable name of a place: `spec.template.spec.containers[app].env[DB_HOST].value`. Items that share their name with
 * an earlier item are told apart by a number, and those without a name by their position or as `unnamed` says.
 *
 * @param shown what is written of a key or a name; either may hold a credential
 */
export function locator(root: unknown, path: Path, unnamed = byPosition, shown = asWritten): string {
  let text = '';
  let value: unknown = root;
  let listName = '';
  for (const step of path) {
    const next = member(value, step);
    if (typeof step === 'string') {
      const key = shown(step);
      text += plainStep.test(key) ? (text === '' ? key : `.${key}`) : `[${JSON.stringify(key)}]`;
      listName = step;
    } else {
      const name = nameIn(value, step, namingKeys(listName));
      text += `[${name === undefined ? unnamed(next, step) : shown(name)}]`;
    }
    value = next;
  }
  return text;
}

function nameIn(items: unknown, index: number, keys: readonly string[]): string | undefined {
  return keys.length > 0 && Array.isArray(items) ? namesIn(items, keys)[index] : undefined;
}

type Names = readonly (string | undefined)[];

interface Named {
  readonly keys: readonly string[];
  readonly names: Names;
}

/** Objects under review do not change, and a list of thousands may have a finding for each of its items. */
const named = new WeakMap<readonly unknown[], Named>();

function namesIn(items: readonly unknown[], keys: readonly string[]): Names {
  const known = named.get(items);
  if (known?.keys === keys) return known.names;
  const uses = new Map<string, number>();
  const names = Array.from(items, (item) => {
    const name = itemName(item, keys);
    if (name === undefined || name === '') return undefined;
    const use = (uses.get(name) ?? 0) + 1;
    uses.set(name, use);
    return use === 1 ? name : `${name}#${use}`;
  });
  named.set(items, { keys, names });
  return names;
}
