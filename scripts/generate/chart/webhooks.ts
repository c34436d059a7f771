import type { Policy } from '#sdk';
import type { Compiled } from '../../../src/engine/compile.ts';
import { rbacYaml, webhooksYaml } from '../../../src/cli/render.ts';
import { compileOrThrow, parseSettings } from '../../../src/config/settings-file.ts';

/** The ways to enforce; templates/webhooks.yaml picks one of these files. */
const variants: Readonly<Record<string, string>> = {
  observe: 'enforcement: observe',
  enforce: 'enforcement: enforce',
  'enforce-fail': 'enforcement: enforce, webhook: { failurePolicy: Fail }',
};

/** Files of the chart: what `daygate render` writes for settings that say no more than how to enforce, and by what. */
export function chartWebhooks(policies: readonly Policy[]): Readonly<Record<string, string>> {
  // No exception ends by the clock here, so any time will do.
  const compiledFor = (settings: string): Compiled =>
    compileOrThrow(parseSettings(settings, undefined), policies, { now: 0 });
  const webhooks = Object.entries(variants).flatMap(([name, settings]) => [
    [`${name}.yaml`, webhooksYaml(compiledFor(`{ ${settings} }`))],
    [`${name}-facts.yaml`, webhooksYaml(compiledFor(`{ ${settings}, facts: cluster }`))],
  ]);
  const account = { namespace: 'daygate-system', serviceAccount: 'daygate' };
  return {
    ...Object.fromEntries(webhooks.map(([name, text]) => [`deploy/chart/files/webhooks/${name}`, text])),
    'deploy/chart/files/facts.yaml': rbacYaml(compiledFor('facts: cluster'), 'serve', account),
  };
}
