import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { fileProblem, UserError } from '../errors.ts';
import { readPlainFile } from '../plain-file.ts';

/** Which cluster, as on the command line of kubectl. */
export interface KubeconfigOptions {
  /** A file, and no other place. */
  readonly kubeconfig?: string | undefined;
  /** A context in it instead of its current one. */
  readonly context?: string | undefined;
}

const serviceAccountToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Finds the cluster where kubectl does: --kubeconfig, $KUBECONFIG, ~/.kube/config; and in a pod that has none of
 * them, through the token of its service account.
 *
 * @throws UserError `kubeconfig` when there is none, it cannot be read, or it does not have the context
 */
export function loadKubeconfig(
  options: KubeconfigOptions,
  environment: NodeJS.ProcessEnv = process.env,
): KubeConfig {
  const config = new KubeConfig();
  const files = filesOf(options, environment);
  if (files === undefined) config.loadFromCluster();
  for (const file of files ?? []) addFile(config, file);
  return withContext(config, options.context, files);
}

/** The files to read; undefined for the service account of the pod. */
function filesOf(
  { kubeconfig }: KubeconfigOptions,
  environment: NodeJS.ProcessEnv,
): readonly string[] | undefined {
  if (kubeconfig !== undefined) return [kubeconfig];
  const listed = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  // kubectl, too, takes no notice of a listed file that is not there.
  const present = listed.filter((file) => existsSync(file));
  if (present.length > 0) return present;
  if (listed.length > 0)
    throw new UserError(
      'kubeconfig',
      `KUBECONFIG=${listed.join(delimiter)}: no such file: correct the variable, or give --kubeconfig FILE`,
    );
  const own = join(environment['HOME'] ?? homedir(), '.kube', 'config');
  if (existsSync(own)) return [own];
  if (environment['KUBERNETES_SERVICE_HOST'] !== undefined && existsSync(serviceAccountToken))
    return undefined;
  throw new UserError(
    'kubeconfig',
    `no cluster to talk to: there is neither --kubeconfig nor KUBECONFIG nor ${own}, and this is no pod with the token of a service account`,
  );
}

/** Of what several files define, the first counts. */
function addFile(into: KubeConfig, file: string): void {
  const config = readFile(file);
  const isNew =
    (known: readonly { readonly name: string }[] | undefined) =>
    ({ name }: { readonly name: string }): boolean =>
      !(known ?? []).some((one) => one.name === name);
  into.clusters = [...into.clusters, ...config.clusters.filter(isNew(into.clusters))];
  into.users = [...into.users, ...config.users.filter(isNew(into.users))];
  into.contexts = [...into.contexts, ...config.contexts.filter(isNew(into.contexts))];
  // Declared as a string, and undefined until a file says which.
  const current = into.currentContext as string | undefined;
  if (current === undefined || current === '') into.currentContext = config.currentContext;
}

function readFile(file: string): KubeConfig {
  let text: string;
  try {
    text = readPlainFile(file).toString();
  } catch (error) {
    throw new UserError('kubeconfig', `${file}: ${fileProblem(error)}`, file);
  }
  const config = new KubeConfig();
  try {
    config.loadFromString(text);
    config.makePathsAbsolute(dirname(file));
  } catch {
    // What the parser says would quote the file, and that holds credentials.
    throw new UserError(
      'kubeconfig',
      `${file}: is no kubeconfig, or an entry of it lacks its name: kubectl config view --kubeconfig ${file} shows what kubectl reads`,
      file,
    );
  }
  return config;
}

function withContext(
  config: KubeConfig,
  wanted: string | undefined,
  files: readonly string[] | undefined,
): KubeConfig {
  const where = files?.join(delimiter) ?? 'the service account';
  const names = config.contexts.map(({ name }) => name);
  const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
  // Declared as a string, and undefined where no file says which.
  const chosen: string | undefined = wanted ?? (config as { currentContext?: string }).currentContext;
  if (chosen === undefined || chosen === '')
    throw new UserError(
      'kubeconfig',
      `${where}: names no current context, and ${known}: give --context NAME`,
    );
  if (!names.includes(chosen))
    throw new UserError('kubeconfig', `${where}: has no context ${chosen}; ${known}`);
  config.setCurrentContext(chosen);
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new UserError('kubeconfig', `${where}: the cluster of context ${chosen} is not in it`);
  const address = URL.parse(cluster.server);
  // A password in it would end up in messages.
  if (
    address === null ||
    !/^https?:$/.test(address.protocol) ||
    address.username !== '' ||
    address.password !== ''
  )
    throw new UserError(
      'kubeconfig',
      `${where}: the server of context ${chosen} must be an address such as https://10.0.0.1:6443, without user and password`,
    );
  // Else the client refuses, in words that nobody sees.
  if (address.protocol === 'http:' && !cluster.skipTLSVerify)
    throw new UserError(
      'kubeconfig',
      `${where}: the server of context ${chosen} is ${cluster.server}, and daygate sends nothing without TLS: write https://, or, where it is kubectl proxy on this machine, insecure-skip-tls-verify: true beside it`,
    );
  return config;
}
