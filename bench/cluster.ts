/**
 * Prints what daygate adds to a create request through a real API server: without webhooks, with daygate validating, with
 * daygate mutating and validating, and with a patch besides, turn by turn in one run. A patch makes the API server encode,
 * patch and decode the object, and go through its own mutating plugins again. Dry runs go the whole way but the last
 * step to etcd.
 */
import { loadavg } from 'node:os';
import { argv } from 'node:process';
import { parse, stringify } from 'yaml';
import * as z from 'zod';
import { apiClient, type ApiClient } from '../test/cluster/api-client.ts';
import { startControlPlane, type ControlPlane } from '../test/cluster/control-plane.ts';
import { startDaygate } from '../test/cluster/daygate-process.ts';
import { newPod, passingPod, patchedPod } from './reviews.ts';

const rounds = Number(argv[2] ?? 2_000);
const warmUpRounds = 300;

/** Where requests go, by what the API server asks about them there. */
const arms = ['without webhooks', 'validating', 'mutating and validating', 'with a patch'] as const;
type Arm = (typeof arms)[number];
const namespaces: Readonly<Record<Arm, string>> = {
  'without webhooks': 'without',
  validating: 'validated',
  'mutating and validating': 'mutated',
  'with a patch': 'mutated',
};

// Every policy of the production profile is on.
const settings = `
enforcement: enforce
exemptNamespaces: [${namespaces['without webhooks']}]
policies:
  require-seccomp-profile: { fix: true }
`;

const configurationSchema = z.looseObject({
  kind: z.string(),
  webhooks: z.array(
    z.looseObject({
      namespaceSelector: z.looseObject({ matchExpressions: z.array(z.unknown()) }).optional(),
    }),
  ),
});

/** The configurations as rendered, but nothing mutates in the namespace that is only validated. */
function narrowed(rendered: string): string {
  const documents = rendered.split(/^---\n/m).filter((text) => text.trim() !== '');
  return documents
    .map((text) => {
      const configuration = configurationSchema.parse(parse(text));
      if (configuration.kind === 'MutatingWebhookConfiguration') {
        for (const { namespaceSelector } of configuration.webhooks) {
          namespaceSelector?.matchExpressions.push({
            key: 'kubernetes.io/metadata.name',
            operator: 'NotIn',
            values: [namespaces.validating],
          });
        }
      }
      return stringify(configuration);
    })
    .join('---\n');
}

interface Created {
  readonly milliseconds: number;
  readonly warnings: readonly string[];
  readonly patched: boolean;
}

async function create(api: ApiClient, arm: Arm): Promise<Created> {
  // Where it is patched, the Pod lacks what the patch adds; elsewhere it is complete, so that nobody warns.
  const pod = arm === 'with a patch' ? patchedPod() : passingPod();
  const started = performance.now();
  const path = `/api/v1/namespaces/${namespaces[arm]}/pods?dryRun=All`;
  const answer = await api.call('POST', path, newPod(pod, namespaces[arm]));
  const milliseconds = performance.now() - started;
  if (answer.status !== 201) throw new Error(`${arm}: ${answer.status} ${JSON.stringify(answer.body)}`);
  // Three containers with the same port are worth a warning to the API server itself.
  const patched = arm === 'with a patch' && JSON.stringify(answer.body).includes('"seccompProfile"');
  return { milliseconds, warnings: answer.warnings.filter((text) => !/duplicate port/.test(text)), patched };
}

/** Nothing is measured that does not happen. */
function assertAsMeant(arm: Arm, { warnings, patched }: Created): void {
  if (warnings.length > 0 || patched !== (arm === 'with a patch')) {
    const texts = warnings.join('\n');
    throw new Error(`${arm}: ${patched ? 'patched' : 'not patched'}, ${warnings.length} warnings\n${texts}`);
  }
}

async function measure(api: ApiClient, times: number): Promise<ReadonlyMap<Arm, readonly number[]>> {
  const results = new Map<Arm, number[]>(arms.map((arm) => [arm, []]));
  for (let round = 0; round < times; round++) {
    for (const arm of arms) {
      const created = await create(api, arm);
      assertAsMeant(arm, created);
      results.get(arm)?.push(created.milliseconds);
    }
  }
  return results;
}

/** That the API server asked as often as it should have. */
function assertAsked(metrics: string, times: number): void {
  const count = (webhook: string): number => {
    const line = new RegExp(`^daygate_review_duration_seconds_count\\{webhook="${webhook}"\\} (\\d+)`, 'm');
    return Number(line.exec(metrics)?.[1] ?? 0);
  };
  if (count('validate') < 3 * times || count('mutate') < 2 * times) {
    throw new Error(`daygate was asked ${count('validate')} and ${count('mutate')} times in ${times} rounds`);
  }
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN;
}

function print(results: ReadonlyMap<Arm, readonly number[]>): void {
  const load = loadavg()[0]?.toFixed(1) ?? '?';
  console.log(
    `\nDry-run creates of a Pod with three containers, one after the other, ${rounds} of each in turn;`,
  );
  console.log(`load average ${load} (this run itself included)\n`);
  console.log(
    `${''.padEnd(26)}${['p50 ms', 'adds', 'p99 ms', 'adds'].map((head) => head.padStart(9)).join('')}`,
  );
  const base = results.get('without webhooks') ?? [];
  for (const [arm, values] of results) {
    const cells = [0.5, 0.99].flatMap((share) => {
      const value = quantile(values, share);
      return [value, value - quantile(base, share)];
    });
    console.log(`${arm.padEnd(26)}${cells.map((cell) => cell.toFixed(2).padStart(9)).join('')}`);
  }
}

async function prepare(cluster: ControlPlane): Promise<void> {
  for (const name of new Set(Object.values(namespaces))) await cluster.kubectl(['create', 'namespace', name]);
}

const cluster = await startControlPlane({ controllers: false });
try {
  await prepare(cluster);
  const daygate = await startDaygate({ settings, flags: ['--log-level', 'info'] });
  try {
    const configurations = narrowed(await daygate.rendered());
    await daygate.register(cluster, configurations);
    const api = apiClient(cluster);
    await measure(api, warmUpRounds);
    const results = await measure(api, rounds);
    assertAsked(await daygate.metrics(), warmUpRounds + rounds);
    print(results);
    api.close();
  } finally {
    await daygate.stop();
  }
} finally {
  await cluster.stop();
}
