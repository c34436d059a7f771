import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runMain } from './audit/audit-process.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { startDaygate } from './daygate-process.ts';

const examples = join(import.meta.dirname, '../../examples');
let cluster: ControlPlane;
const started: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  cluster = await startControlPlane();
  started.push(cluster);
  await cluster.kubectl(['create', 'namespace', 'shop']);
  const daygate = await startDaygate({
    settings: 'facts: cluster',
    flags: ['--kubeconfig', cluster.kubeconfig],
  });
  started.push(daygate);
  await daygate.register(cluster);
}, 240_000);

afterAll(async () => {
  for (const one of started.reverse()) await one.stop();
});

it('the folder holds manifests alone: daygate refuses what is not ready, and kubectl objects to nothing', async () => {
  const { stderr } = await cluster.kubectl(['apply', '-f', examples], { expectFailure: true });
  const errors = stderr.match(/^(?:error|Error).*$/gm) ?? [];
  expect(errors.map((line) => /denied the request: .* refused (\S+ \S+):/.exec(line)?.[1] ?? line)).toEqual([
    'Deployment shop/checkout',
    'Pod shop/report',
  ]);
});

it('what is ready goes in without a warning, and is found ready afterwards', async () => {
  const { stdout, stderr } = await cluster.kubectl(['apply', '-f', join(examples, 'ready.yaml')]);
  expect(stdout).toContain('deployment.apps/checkout');
  expect(stderr).toBe('');
  const folder = mkdtempSync(join(tmpdir(), 'daygate-examples-'));
  const { out } = await runMain(folder, [
    ...['audit', '--kubeconfig', cluster.kubeconfig, '-n', 'shop', '-o', 'json'],
  ]);
  rmSync(folder, { recursive: true });
  const { findings } = JSON.parse(out) as { findings: { object: { name: string }; policy: string }[] };
  expect(findings.filter(({ object }) => object.name === 'checkout').map(({ policy }) => policy)).toEqual([]);
});

it('a namespace gets its profile by a label, and a misspelt one is told of at once', async () => {
  const label = async (profile: string): Promise<string> => {
    const args = ['label', 'namespace', 'shop', '--overwrite', `daygate.dev/profile=${profile}`];
    return (await cluster.kubectl(args)).stderr;
  };
  const about = /^Warning: daygate: the label .*$/m;
  expect(await label('baseline')).not.toMatch(about);
  expect(about.exec(await label('baselin'))?.[0]).toBe(
    'Warning: daygate: the label daygate.dev/profile gives the default profile, production, as there is no profile baselin: did you mean baseline?',
  );
});
