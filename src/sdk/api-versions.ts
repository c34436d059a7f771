import { apiTable } from './api-table.ts';
import { text } from './json.ts';
import { groupOf, keyOfKind, kindKey, type KindInfo } from './kinds.ts';
import { nearestWords } from './nearest.ts';
import type { KubernetesObject } from './subjects.ts';

/** One version of a built-in kind. Releases are minor versions: 25 for Kubernetes 1.25. */
export interface ApiVersion {
  readonly apiVersion: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** The release that brought it; undefined where that is long ago. */
  readonly introduced: number | undefined;
  /** The release from which on the API server warns about it. */
  readonly deprecated: number | undefined;
  /** The first release that does not serve it any more. */
  readonly removed: number | undefined;
  /** What the API says to use instead: it may itself be gone by now. */
  readonly replacement: { readonly apiVersion: string; readonly kind: string } | undefined;
}

interface Index {
  readonly byName: ReadonlyMap<string, ApiVersion>;
  /** By group and kind, as kindKey says them. */
  readonly byKind: ReadonlyMap<string, readonly ApiVersion[]>;
  readonly groups: ReadonlySet<string>;
}

let known: Index | undefined;

function index(): Index {
  return (known ??= readTable());
}

function readTable(): Index {
  const rows = apiTable.split('\n').map(readRow);
  return {
    byName: new Map(rows.map((row) => [`${row.apiVersion}/${row.kind}`, row])),
    byKind: Map.groupBy(rows, keyOfKind),
    groups: new Set(rows.map(({ group }) => group)),
  };
}

function readRow(line: string): ApiVersion {
  const [apiVersion = '', kind = '', scope, introduced, deprecated, removed, replacement = '-'] =
    line.split(' ');
  const release = (text = '-'): number | undefined => (text === '-' ? undefined : Number(text));
  const end = replacement.lastIndexOf('/');
  return {
    apiVersion,
    group: groupOf(apiVersion),
    version: apiVersion.slice(apiVersion.indexOf('/') + 1),
    kind,
    namespaced: scope === 'namespaced',
    introduced: release(introduced),
    deprecated: release(deprecated),
    removed: release(removed),
    replacement:
      end === -1 ? undefined : { apiVersion: replacement.slice(0, end), kind: replacement.slice(end + 1) },
  };
}

/**
 * A version of a built-in kind, also one that is long gone; undefined for kinds that are none of Kubernetes' own.
 * Source: the life cycle marks in k8s.io/api.
 *
 * @example apiVersionOf('policy/v1beta1', 'PodDisruptionBudget')?.removed // 25
 */
export function apiVersionOf(apiVersion: string, kind: string): ApiVersion | undefined {
  return index().byName.get(`${apiVersion}/${kind}`);
}

/**
 * Whether an object is of a built-in kind that is in no namespace. The API server takes out the one that a manifest
 * writes into it.
 *
 * @example isOfCluster({ apiVersion: 'v1', kind: 'Node', metadata: { namespace: 'shop' } }) // true
 */
export function isOfCluster({ apiVersion, kind }: KubernetesObject): boolean {
  return apiVersionOf(text(apiVersion) ?? '', text(kind) ?? '')?.namespaced === false;
}

/**
 * All versions of a built-in kind in one API group.
 *
 * @example versionsOfKind('batch', 'CronJob').map(({ version }) => version) // ['v1', 'v1beta1', 'v2alpha1']
 */
export function versionsOfKind(group: string, kind: string): readonly ApiVersion[] {
  return index().byKind.get(`${group}/${kind}`) ?? [];
}

/** The names of all kinds of Kubernetes' own, of whatever group and release. */
export function builtinKindNames(): ReadonlySet<string> {
  return (kindNames ??= new Set([...index().byName.values()].map(({ kind }) => kind)));
}

let kindNames: ReadonlySet<string> | undefined;

/**
 * What was probably meant by an apiVersion and kind that a release does not serve together: another version, another
 * group, a kind whose name is similar. Undefined where nothing is close.
 *
 * @example guessKind('v1', 'Deployment', 36) // 'apps/v1 Deployment'
 * @example guessKind('apps/v1', 'Deploymnet', 36) // 'apps/v1 Deployment'
 */
export function guessKind(apiVersion: string, kind: string, kubernetesMinor: number): string | undefined {
  const group = groupOf(apiVersion);
  const served = [...index().byName.values()].filter((row) => isServed(row, kubernetesMinor));
  const named = served.filter((row) => row.kind === kind);
  const inGroup = served.filter((row) => row.group === group);
  const near = nearestWords(kind, new Set(inGroup.map((row) => row.kind)));
  const similar = near.length === 1 ? inGroup.filter((row) => row.kind === near[0]) : [];
  const own = named.filter((row) => row.group === group);
  const [first] = [own, named, similar].find(({ length }) => length > 0) ?? [];
  if (first === undefined) return undefined;
  const same = served.filter((row) => row.group === first.group && row.kind === first.kind);
  const [best = first] = same.toSorted((a, b) => stability(b.version) - stability(a.version));
  return `${best.apiVersion} ${best.kind}`;
}

/**
 * Whether Kubernetes itself serves, or served, the API group: custom resources never live there.
 *
 * @example isBuiltinGroup('apps') // true
 * @example isBuiltinGroup('gateway.networking.k8s.io') // false
 */
export function isBuiltinGroup(group: string): boolean {
  return index().groups.has(group);
}

/**
 * Whether custom resources can live in the API group: it is none of Kubernetes' own, and has a dot, without which the API
 * server takes no CustomResourceDefinition. Source: apiextensions-apiserver, validation of spec.group.
 *
 * @example isCustomGroup('example.com') // true
 * @example isCustomGroup('app') // false: apps was probably meant
 */
export function isCustomGroup(group: string): boolean {
  return group.includes('.') && !isBuiltinGroup(group);
}

/** Whether a release serves the version. Alpha versions, and most beta ones, it serves only where they are turned on. */
export function isServed({ introduced = 0, removed }: ApiVersion, kubernetesMinor: number): boolean {
  return introduced <= kubernetesMinor && (removed === undefined || kubernetesMinor < removed);
}

/**
 * The version to use instead of one that is going or gone: the most stable one that the release serves, in the
 * group that the API names as the successor's.
 *
 * @example successorOf(apiVersionOf('extensions/v1beta1', 'Ingress'), 36)?.apiVersion // 'networking.k8s.io/v1'
 */
export function successorOf(api: ApiVersion, kubernetesMinor: number): ApiVersion | undefined {
  const { replacement } = api;
  const key = replacement === undefined ? '' : kindKey(replacement.apiVersion, replacement.kind);
  const candidates = [...(index().byKind.get(key) ?? []), ...versionsOfKind(api.group, api.kind)];
  const usable = candidates.filter(
    (row) => row !== api && isServed(row, kubernetesMinor) && (row.removed ?? Infinity) > (api.removed ?? 0),
  );
  return usable.toSorted((a, b) => stability(b.version) - stability(a.version))[0];
}

/** v1 over v1beta2 over v1beta1 over v1alpha1; v2 over v1. */
function stability(version: string): number {
  const [, major = '0', level, minor = '0'] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  const rank = level === undefined ? 2 : level === 'beta' ? 1 : 0;
  return rank * 10_000 + Number(major) * 100 + Number(minor);
}

/** What the engine has to know of a kind that no policy names: the newest of its versions speaks for it. */
export function builtinKindInfo(group: string, kind: string): KindInfo | undefined {
  const versions = versionsOfKind(group, kind);
  const [first] = versions;
  if (first === undefined) return undefined;
  return {
    kind,
    group,
    versions: versions.map(({ version }) => version),
    resource: '',
    namespaced: first.namespaced,
  };
}

/**
 * The kinds of which a release, or one between, drops a version that an earlier one serves.
 *
 * @example kindsThatLose(21, 22).some(({ kind }) => kind === 'Ingress') // true: networking.k8s.io/v1beta1
 */
export function kindsThatLose(fromMinor: number, toMinor: number): readonly KindInfo[] {
  return [...index().byKind.values()].flatMap((rows) => {
    const [first] = rows;
    const loses = rows.some(({ removed = 0 }) => removed > fromMinor && removed <= toMinor);
    return first === undefined || !loses ? [] : (builtinKindInfo(first.group, first.kind) ?? []);
  });
}
