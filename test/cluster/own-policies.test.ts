import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { startDaygate, type Daygate } from './daygate-process.ts';
import { namespace, readyDeployment } from './manifests.ts';

const settings = `
policyFolders: [own]
webhook:
  failurePolicy: Fail
`;

const policy = (id: string, validate: string): string => `
import { definePolicy, property } from 'daygate/sdk';
import { z } from 'zod';
export default definePolicy({
  id: '${id}', category: 'labels', title: 'Own', severity: 'medium', target: 'object', kinds: ['Deployment'],
  profiles: { production: 'deny' }, params: z.strictObject({}), messages: { missing: '{name} belongs to no cost centre.' },
  why: '', remediation: 'Set metadata.labels.cost-centre.', references: [],
  validate({ object, at }, { report }) {
    const labels = object.metadata?.labels;
    ${validate}
  },
});
`;

const files = {
  'own/require-cost-centre/policy.ts': policy(
    'require-cost-centre',
    `if (property(labels, 'cost-centre') === undefined) report({ message: 'missing', at: at('metadata', 'labels', 'cost-centre') });`,
  ),
  'own/forbid-loop/policy.ts': policy('forbid-loop', `if (property(labels, 'loop') !== undefined) while (true);`),
}; // prettier-ignore

let cluster: ControlPlane;
let daygate: Daygate;
const started: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  cluster = await startControlPlane();
  started.push(cluster);
  await cluster.kubectl(['apply', '-f', '-'], { input: namespace('shop') });
  daygate = await startDaygate({ settings, files });
  started.unshift(daygate);
  await daygate.register(cluster);
});

afterAll(async () => {
  for (const process of started) await process.stop();
});

function deployment(name: string, labels: Readonly<Record<string, string>>): object {
  const ready = readyDeployment(name, 'shop');
  return { ...ready, metadata: { ...ready.metadata, labels: { ...ready.metadata.labels, ...labels } } };
}

async function apply(object: object, expectFailure: boolean | 'either' = false) {
  return cluster.kubectl(['apply', '-f', '-'], { input: object, expectFailure });
}

describe('policies of a team on a real API server', () => {
  it('refuse what they forbid and let pass what they do not', async () => {
    const { stderr } = await apply(deployment('web', {}), true);
    expect(stderr).toContain('require-cost-centre: metadata.labels.cost-centre: web belongs to no cost centre.');
    expect((await apply(deployment('web', { 'cost-centre': 'c1' }))).stdout).toContain('deployment.apps/web created');
  }); // prettier-ignore

  it('are named in a warning when one loops, and everything else works', async () => {
    const looping = apply(deployment('looping', { 'cost-centre': 'c1', loop: 'x' }));
    const others = Array.from({ length: 5 }, (_, index) =>
      apply(deployment(`other-${index}`, index % 2 === 0 ? { 'cost-centre': 'c1' } : {}), 'either'),
    );
    for (const [index, { code, stderr }] of (await Promise.all(others)).entries()) {
      expect(code === 0, stderr).toBe(index % 2 === 0);
      if (code !== 0) expect(stderr).toContain('belongs to no cost centre');
    }
    const { stdout, stderr } = await looping;
    expect(stdout).toContain('deployment.apps/looping created');
    expect(stderr).toContain(
      'Warning: daygate: policy forbid-loop took longer than 200 ms and said nothing about this object',
    );
    // Who loops is not excused from what the others say.
    const bad = await apply(deployment('bad', { loop: 'x' }), true);
    expect(bad.stderr).toContain('bad belongs to no cost centre');
  });
});
