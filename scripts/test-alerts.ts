/**
 * Runs test/monitoring/alerts.test.yaml with promtool, which evaluates the alerts on series of time. It is in Debian's
 * package `prometheus`; PROMTOOL names another one.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

const root = join(import.meta.dirname, '..');
const promtool = process.env['PROMTOOL'] ?? 'promtool';
const folder = mkdtempSync(join(tmpdir(), 'daygate-alerts-'));

/** Exits with what promtool says, and tells where there is none. */
function run(...args: readonly string[]): boolean {
  const { status, error } = spawnSync(promtool, args, { cwd: folder, stdio: 'inherit', timeout: 60_000 });
  if (error !== undefined) console.error(`${promtool}: ${error.message}`);
  return status === 0;
}

try {
  // A PrometheusRule holds a rule file below spec.
  const { spec } = parse(readFileSync(join(root, 'deploy/monitoring/alerts.yaml'), 'utf8')) as {
    spec: unknown;
  };
  writeFileSync(join(folder, 'rules.yaml'), stringify(spec));
  copyFileSync(join(root, 'test/monitoring/alerts.test.yaml'), join(folder, 'alerts.test.yaml'));
  if (!run('check', 'rules', 'rules.yaml') || !run('test', 'rules', 'alerts.test.yaml')) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
