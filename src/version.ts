import { readFileSync } from 'node:fs';

/** The version of the daygate that runs: package.json lies one folder above this file and above the bundle. */
export function daygateVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
