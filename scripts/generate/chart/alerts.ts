import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

/** The rules of deploy/monitoring/alerts.yaml as a file of the chart, which can read none outside of it. */
export function chartAlerts(root: string): string {
  const text = readFileSync(join(root, 'deploy/monitoring/alerts.yaml'), 'utf8');
  const { spec } = parse(text) as { readonly spec: object };
  return `# Generated from deploy/monitoring/alerts.yaml by npm run generate. Do not edit.\n${stringify(spec, { lineWidth: 0 })}`;
}
