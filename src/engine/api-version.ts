/** The API group of an apiVersion: `apps` of `apps/v1`; empty for the core group, `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.indexOf('/'), 0));
}

/** What objects of a version of a group say as apiVersion: `apps/v1`; `v1` in the core group. */
export function apiVersionIn(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}
