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
 * (patchMergeKey, x-kubernetes-list-map-keys), and the obvious name where a list is atomic.
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
  parameters: ['name'],
};

const nameless: readonly string[] = [];

/** The fields that may name the items of a list, the best first. */
export function mergeKeysOf(list: string): readonly string[] {
  return (Object.hasOwn(mergeKeys, list) ? mergeKeys[list] : undefined) ?? nameless;
}

const plainStep = /^[a-z_][\w-]*$/i;

/** What a step of a path leads to, in an object or a list; undefined where there is nothing. Never throws. */
export function member(value: unknown, step: string | number): unknown {
  if (value === null || typeof value !== 'object') return undefined;
  return Object.hasOwn(value, step) ? (value as Record<string | number, unknown>)[step] : undefined;
}

function itemName(item: unknown, keys: readonly string[]): string | undefined {
  const parts: string[] = [];
  for (const key of keys) {
    const value = key.split('.').reduce(member, item);
    // What the API server fills in must not change the name.
    if (key === 'protocol' && (value === 'TCP' || value === '')) continue;
    if (typeof value === 'string' || typeof value === 'number') parts.push(String(value));
  }
  return parts.length === 0 ? undefined : parts.join('/');
}

/**
 * The stable name of a place: `spec.template.spec.containers[app].env[DB_HOST].value`. Items without a merge key,
 * and those that share theirs with an earlier item, are told apart by their position.
 */
export function locator(root: unknown, path: Path): string {
  let text = '';
  let value: unknown = root;
  let listName = '';
  for (const step of path) {
    if (typeof step === 'string') {
      text += plainStep.test(step) ? (text === '' ? step : `.${step}`) : `[${JSON.stringify(step)}]`;
      listName = step;
    } else {
      text += `[${itemLocator(value, step, mergeKeysOf(listName))}]`;
    }
    value = member(value, step);
  }
  return text;
}

function itemLocator(items: unknown, index: number, keys: readonly string[]): string {
  return keys.length > 0 && Array.isArray(items)
    ? (namesIn(items, keys)[index] ?? String(index))
    : String(index);
}

interface Named {
  readonly keys: readonly string[];
  readonly names: readonly string[];
}

/** Objects under review do not change, and a list of thousands may have a finding for each of its items. */
const named = new WeakMap<readonly unknown[], Named>();

function namesIn(items: readonly unknown[], keys: readonly string[]): readonly string[] {
  const known = named.get(items);
  if (known?.keys === keys) return known.names;
  const uses = new Map<string, number>();
  const names = Array.from(items, (item, index) => {
    const name = itemName(item, keys);
    if (name === undefined || name === '') return String(index);
    const use = (uses.get(name) ?? 0) + 1;
    uses.set(name, use);
    return use === 1 ? name : `${name}#${use}`;
  });
  named.set(items, { keys, names });
  return names;
}
