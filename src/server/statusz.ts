/** A member of what /statusz tells. */
export interface StatusPart {
  readonly name: string;
  /**
   * Anything that JSON has, or a promise of it; members that are undefined are left out. Who can reach the port can read
   * it: no secrets, no names of objects.
   */
  readonly value: () => unknown;
}

/** The body of /statusz: one object with a member for each part. */
export async function statusText(parts: readonly StatusPart[]): Promise<string> {
  const members = await Promise.all(parts.map(async ({ name, value }) => [name, await value()] as const));
  return `${JSON.stringify(Object.fromEntries(members), null, 2)}\n`;
}
