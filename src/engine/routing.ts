import { property } from '#sdk';
import type { Compiled } from './compiled.ts';
import { printable } from './message.ts';
import { nearest } from './nearest.ts';

/** The profile a namespace asks for with this label. */
export const profileLabel = 'daygate.dev/profile';

/**
 * The profile that namespaces with these labels get. A namespace without the label, or with a value that names no
 * profile, gets the default: the webhooks' selectors say the same.
 */
export function profileFor(compiled: Compiled, labels: unknown): string {
  const asked = property(labels, profileLabel);
  return typeof asked === 'string' && compiled.profiles.has(asked) ? asked : compiled.settings.profile;
}

/** More profiles than people read, said of each such namespace. */
const mostListed = 20;

/** What a namespace with these labels gets instead, where it asks for a profile that there is none of. */
export function profileProblem(compiled: Compiled, labels: unknown): string | undefined {
  const asked = property(labels, profileLabel);
  if (typeof asked !== 'string' || compiled.profiles.has(asked)) return undefined;
  const known = [...compiled.profiles.keys()];
  const name = asked === '' ? 'without a name' : printable(asked, 63);
  const more = known.length - mostListed;
  const all = `${known.slice(0, mostListed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const mend = nearest(asked, known) || `; there are ${all}`;
  return `the label ${profileLabel} gives the default profile, ${compiled.settings.profile}, as there is no profile ${name}${mend}`;
}
