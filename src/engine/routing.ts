import { property } from '#sdk';
import type { Compiled } from './compiled.ts';

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
