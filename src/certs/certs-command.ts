import { isIP } from 'node:net';
import type { Io } from '../cli/io.ts';
import { openCluster } from '../cluster/open-cluster.ts';
import type { KubeconfigOptions } from '../cluster/kubeconfig.ts';
import { UserError } from '../errors.ts';
import { numberOption } from '../number-option.ts';
import { objectsOf } from './objects.ts';
import type { CertificateRules } from './plan.ts';
import { rotate, standing } from './rotate.ts';

/** What `daygate certs` takes on its command line. */
export interface CertsOptions extends KubeconfigOptions {
  readonly namespace: string;
  readonly service: string;
  readonly secret: string;
  readonly caSecret: string;
  readonly configuration: string;
  readonly name?: readonly string[];
  readonly leafDays: string;
  readonly caDays: string;
  readonly overlap: string;
  readonly dryRun?: boolean;
}

/** `daygate certs`: makes and renews what `serve` shows to the API server, and tells the API server to trust it. */
export async function certs(options: CertsOptions, io: Pick<Io, 'out' | 'now'>): Promise<number> {
  const { dryRun = false, configuration } = options;
  const rules = rulesOf(options);
  const cluster = openCluster(options);
  const objects = objectsOf(options);
  let told = 0;
  const tell = (line: string): void => {
    told += 1;
    io.out(`${line}\n`);
  };
  const found = await rotate({ cluster, objects, rules, now: () => io.now(), dryRun, tell });
  const state = standing(found);
  io.out(`${told === 0 ? 'nothing to do: ' : ''}${dryRun && told > 0 ? 'then: ' : ''}${state}\n`);
  if (found.configurations.length > 0) return 0;
  throw new UserError(
    'certificate',
    `there is neither a ValidatingWebhookConfiguration nor a MutatingWebhookConfiguration ${configuration}, so nothing calls daygate: apply them (daygate render prints them), and run daygate certs again`,
  );
}

/** @throws UserError `usage` */
function rulesOf(options: CertsOptions): CertificateRules {
  const { namespace, service, name: more = [] } = options;
  const leafDays = numberOption('--leaf-days', options.leafDays, 1, 825);
  const caDays = numberOption('--ca-days', options.caDays, 3, 36_500);
  if (caDays < 3 * leafDays)
    throw new UserError(
      'usage',
      `--ca-days ${caDays}: expected at least three times --leaf-days (${3 * leafDays}), so that no certificate outlives its CA`,
    );
  const [host, zone] = [checkedName('--service', service), checkedName('--namespace', namespace)];
  const inCluster = [host, `${host}.${zone}`, `${host}.${zone}.svc`, `${host}.${zone}.svc.cluster.local`];
  return {
    names: [...new Set([...inCluster, ...more.map((name) => checkedName('--name', name))])],
    leafDays,
    caDays,
    overlapMs: numberOption('--overlap', options.overlap, 10, 10_080) * 60_000,
  };
}

function checkedName(flag: string, name: string): string {
  const label = /^(?!-)[a-z\d-]{1,63}(?<!-)$/;
  if (isIP(name) !== 0 || (name.length <= 253 && name.split('.').every((part) => label.test(part))))
    return name;
  throw new UserError('usage', `${flag} ${name}: expected a DNS name in lower case, or an IP address`);
}
