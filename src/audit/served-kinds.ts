import { property, records, text, type KindInfo } from '#sdk';
import { ClusterError } from '../cluster/cluster-error.ts';
import type { ApiObject } from '../cluster/cluster.ts';
import { patiently, type ServedKind, type Source } from './list-kind.ts';

/** What of the wanted kinds a cluster serves. */
interface Served {
  readonly served: ReadonlyMap<KindInfo, ServedKind>;
  /** API groups of which it could not be learned. */
  readonly problems: readonly { readonly kind: KindInfo; readonly error: ClusterError }[];
}

/**
 * Asks which of the kinds there are, and in which version each is read: of those that policies are written for the one
 * that the API server likes best, otherwise any. Each kind is read in one version, however many are served.
 *
 * @throws ClusterError where the API server says nothing at all
 */
export async function servedKinds(source: Source, kinds: readonly KindInfo[]): Promise<Served> {
  const versions = await versionsOfGroups(source);
  const resources = new Map<string, ReadonlyMap<string, string> | ClusterError>();
  const resourcesOf = async (
    group: string,
    version: string,
  ): Promise<ReadonlyMap<string, string> | ClusterError> => {
    const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    const known = resources.get(path) ?? (await readResources(source, path));
    resources.set(path, known);
    return known;
  };
  const served = new Map<KindInfo, ServedKind>();
  const problems: { kind: KindInfo; error: ClusterError }[] = [];
  for (const kind of kinds) {
    const offered = versions.get(kind.group) ?? [];
    const wanted = [
      ...offered.filter((version) => kind.versions.includes(version)),
      ...offered.filter((version) => !kind.versions.includes(version)),
    ];
    for (const version of wanted) {
      const found = await resourcesOf(kind.group, version);
      if (found instanceof ClusterError) {
        problems.push({ kind, error: found });
        break;
      }
      const resource = found.get(kind.kind);
      if (resource === undefined) continue;
      served.set(kind, { kind, version, resource });
      break;
    }
  }
  return { served, problems };
}

/** The versions of each API group, the preferred one first. */
async function versionsOfGroups(source: Source): Promise<ReadonlyMap<string, readonly string[]>> {
  const groups = await patiently(source.pace, () => source.cluster.read('/apis'));
  const found = new Map<string, readonly string[]>([['', ['v1']]]);
  for (const group of records(property(groups, 'groups') as readonly object[])) {
    const name = text(property(group, 'name'));
    const preferred = text(property(property(group, 'preferredVersion'), 'version'));
    const versions = records(property(group, 'versions') as readonly object[]).flatMap(
      (version) => text(property(version, 'version')) ?? [],
    );
    if (name === undefined) continue;
    found.set(name, preferred === undefined ? versions : [...new Set([preferred, ...versions])]);
  }
  return found;
}

/** The resources of an API group, by kind. */
async function readResources(
  source: Source,
  path: string,
): Promise<ReadonlyMap<string, string> | ClusterError> {
  let list: ApiObject;
  try {
    list = await patiently(source.pace, () => source.cluster.read(path));
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    // The group was there a moment ago.
    return error.status === 404 ? new Map() : error;
  }
  return new Map(
    records(property(list, 'resources') as readonly object[]).flatMap((row) => {
      const [kind, resource] = [text(property(row, 'kind')), text(property(row, 'name'))];
      // `deployments/scale` is a subresource, and of another kind.
      return kind === undefined || resource === undefined || resource.includes('/') ? [] : [[kind, resource]];
    }),
  );
}
