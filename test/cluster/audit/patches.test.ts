/** What was written before a rule, as `audit --patches` tells of it, and what the webhook makes of it once it is written again. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditPatches } from '../../../src/report/audit/audit-patches.ts';
import { startControlPlane, type ControlPlane } from '../control-plane.ts';
import { startDaygate, type Daygate } from '../daygate-process.ts';
import { namespace, readyDeployment, type Deployment } from '../manifests.ts';
import { runAudit, type Audited } from './audit-process.ts';

const settings = `profile: production
policies:
  require-drop-capabilities: { action: deny, fix: true }
  require-graceful-shutdown: { fix: true, params: { preStopSleepSeconds: 5 } }
`;
let plane: ControlPlane;
let daygate: Daygate | undefined;
const folder = mkdtempSync(join(tmpdir(), 'daygate-patches-'));

beforeAll(async () => {
  writeFileSync(join(folder, 'daygate.yaml'), settings);
  plane = await startControlPlane();
  await plane.kubectl(['apply', '-f', '-'], { input: namespace('shop') });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await daygate?.stop();
  await plane.stop();
});

function oldDeployment(): Deployment {
  const deployment = readyDeployment('web', 'shop');
  const { spec } = deployment.spec.template;
  spec['terminationGracePeriodSeconds'] = 5;
  for (const container of spec.containers)
    container['securityContext'] = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true };
  // No node makes these pods ready, which a rolling update would wait for.
  return {
    ...deployment,
    spec: { ...deployment.spec, replicas: 2, strategy: { type: 'Recreate' } },
  } as Deployment;
}

const audit = (): Promise<Audited> =>
  runAudit(folder, plane.kubeconfig, ['--settings', 'daygate.yaml', '-n', 'shop', '--patches']);

const states = async (): Promise<string> => {
  const path = '{range .items[*]}{.kind} {.metadata.name} {.metadata.resourceVersion}{"\\n"}{end}';
  return (await plane.kubectl(['get', 'deployments,pods', '-n', 'shop', '-o', `jsonpath=${path}`])).stdout;
};

/** Audits until that many objects would be patched: controllers take a moment. */
async function untilPatched(objects: number): Promise<Audited & { readonly patches: AuditPatches }> {
  for (let attempt = 0; ; attempt++) {
    const audited = await audit();
    const { patches } = audited.report;
    if (patches?.objects === objects) return { ...audited, patches };
    if (attempt === 20) throw new Error(JSON.stringify(patches));
    await sleep(500);
  }
}

it('is told with its change, written by nobody, and gone once it is written again', async () => {
  await plane.kubectl(['apply', '-f', '-'], { input: oldDeployment() });
  const { patches, report, out, code } = await untilPatched(3);
  const before = await states();
  expect(report.errors).toEqual([]);
  expect(patches.changes.map(({ object, via, diff }) => [object.kind, via?.objects, diff])).toEqual([
    [
      'Deployment',
      undefined,
      [
        ' spec:',
        '   template:',
        '     spec:',
        '-      terminationGracePeriodSeconds: 5',
        '+      terminationGracePeriodSeconds: 15',
      ],
    ],
    [
      'Deployment',
      2,
      [
        ' spec:',
        '   containers:',
        '     - name: app',
        '       securityContext:',
        '+        capabilities:',
        '+          drop:',
        '+            - ALL',
      ],
    ],
  ]);
  expect(out).toContain('Would be patched at admission: 3 objects.');
  expect(out).toContain('kubectl rollout restart deployment/web -n shop');
  expect(await states()).toBe(before);
  const plain = await runAudit(folder, plane.kubeconfig, ['--settings', 'daygate.yaml', '-n', 'shop']);
  expect(plain.code).toBe(code);

  daygate = await startDaygate({ settings });
  await daygate.register(plane);
  // Registering alone repairs nothing, and kubectl sends nothing where nothing has changed.
  await plane.kubectl(['apply', '-f', '-'], { input: oldDeployment() });
  expect((await audit()).report.patches?.objects).toBe(3);

  const again = oldDeployment();
  again.metadata['annotations'] = { contact: '#shop', runbook: 'https://runbooks.acme.dev/web' };
  await plane.kubectl(['apply', '-f', '-'], { input: again });
  const mended = await untilPatched(0);
  expect(mended.patches.changes).toEqual([]);
  expect(mended.report.objects.map(({ kind, name }) => `${kind} ${name}`)).toContain('Deployment web');
});
