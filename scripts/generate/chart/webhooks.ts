import type { Policy } from '#sdk';
import { webhooksYaml } from '../../../src/cli/render.ts';
import { compileOrThrow, parseSettings } from '../../../src/config/settings-file.ts';

/** The ways to enforce; templates/webhooks.yaml picks one of these files. */
const variants: Readonly<Record<string, string>> = {
  observe: 'enforcement: observe',
  enforce: 'enforcement: enforce',
  'enforce-fail': '{ enforcement: enforce, webhook: { failurePolicy: Fail } }',
};

/** Files of the chart: what `daygate render` writes for settings that say no more than how to enforce. */
export function chartWebhooks(policies: readonly Policy[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(variants).map(([name, settings]) => {
      // No exception ends by the clock here, so any time will do.
      const compiled = compileOrThrow(parseSettings(settings, undefined), policies, { now: 0 });
      return [`deploy/chart/files/webhooks/${name}.yaml`, webhooksYaml(compiled)];
    }),
  );
}
