import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const root = join(import.meta.dirname, '../..');

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface PrometheusRule {
  readonly spec: { readonly groups: readonly { readonly name: string; readonly rules: readonly Alert[] }[] };
}

/** The alerts of deploy/monitoring/alerts.yaml. */
export function readAlerts(): readonly Alert[] {
  const text = readFileSync(join(root, 'deploy/monitoring/alerts.yaml'), 'utf8');
  return (parse(text) as PrometheusRule).spec.groups.flatMap(({ rules }) => rules);
}
