/** What objects of a version of a group say as apiVersion: `apps/v1`; `v1` in the core group. */
export function apiVersionIn(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}
