import { databaseOfImage, type Database } from './database-images.ts';
import { list, records, text } from './json.ts';
import type { Container } from './kubernetes.ts';

/**
 * The database whose server a container runs, as far as its image and its command tell. A client or a tool from the
 * image of a database (`psql`, `mysqldump`), and what is started by a script that names no server, is none; neither
 * is a member of a cluster that says it keeps no data, nor a cache. Brokers count, which keep messages, and stores of
 * objects. Never throws.
 *
 * @example
 * databaseOf({ image: 'postgres:18' })?.name; // 'PostgreSQL'
 * databaseOf({ image: 'postgres:18', command: ['pg_dump', 'shop'] }); // undefined
 */
export function databaseOf(container: Container): Database | undefined {
  const database = typeof container.image === 'string' ? databaseOfImage(container.image) : undefined;
  if (database === undefined || !startsServer(container, database.programs, database.serves))
    return undefined;
  if (!keepsData(container, database)) return undefined;
  return database.roles !== undefined && hasOtherRole(container) ? undefined : database;
}

/** They run the server, with the flags they are given, unless they are given another program. */
const entrypoints: ReadonlySet<string> = new Set([
  'docker-entrypoint.sh',
  'docker-entrypoint.py',
  'container-entrypoint',
  'entrypoint.sh',
]);
/** They run what they are given, and their flags are their own. */
const wrappers: ReadonlySet<string> = new Set(['tini', 'dumb-init']);
/** The last one is what cockroach.sh calls it. */
const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'shell']);

/**
 * Whether a container runs one of the programs. Without a command the image's own entrypoint does; arguments that
 * begin with a dash are the server's, other ones name another program.
 *
 * @example
 * startsServer({ args: ['-c', 'max_connections=200'] }, ['postgres']); // true
 * startsServer({ command: ['psql'] }, ['postgres']); // false
 */
export function startsServer(
  container: Container,
  programs: readonly string[],
  serves?: Database['serves'],
): boolean {
  const command: readonly unknown[] = list(container.command);
  const words: readonly unknown[] = list(container.args);
  const all = command.length === 0 ? ['entrypoint.sh', ...words] : [...command, ...words];
  return isServer(all, { programs, serves });
}

type Server = Pick<Database, 'programs'> & { readonly serves: Database['serves'] };

function isServer(words: readonly unknown[], server: Server): boolean {
  let isWrapped = false;
  for (const [index, word] of words.entries()) {
    if (typeof word !== 'string') return false;
    if (isWrapped && word.startsWith('-')) continue;
    const program = word.slice(word.lastIndexOf('/') + 1);
    const next = words[index + 1];
    if (isBitnamiServer(word)) return true;
    if (server.programs.includes(program)) return isServing(next, server);
    if (shells.has(program)) return words.slice(index + 1).some((script) => startsIn(script, server));
    if (wrappers.has(program)) isWrapped = true;
    else if (!entrypoints.has(program)) return false;
    else if (next === undefined || isFlag(next) || server.serves?.some((word) => word === next)) {
      return isServing(next, server);
    }
  }
  return false;
}

function isFlag(word: unknown): boolean {
  return typeof word === 'string' && word.startsWith('-');
}

/** Whether the word behind a program leaves it the server. */
function isServing(next: unknown, { serves }: Server): boolean {
  // `etcd grpc-proxy` and `etcd gateway` keep nothing.
  if (serves === undefined) return next !== 'grpc-proxy' && next !== 'gateway';
  return serves.includes(typeof next === 'string' && !isFlag(next) ? next : '');
}

function isBitnamiServer(word: string): boolean {
  return word.startsWith('/opt/bitnami/scripts/') && word.endsWith('/run.sh');
}

/** Whether a shell script runs one of the programs: where a command stands, not as an argument (`psql -U postgres`). */
function startsIn(script: unknown, server: Server): boolean {
  if (typeof script !== 'string') return false;
  const { programs } = server;
  const commands = /(?:^|[\n;&|])[ \t]*(?:exec[ \t]+)?(?:[\w.-]*\/)*([\w.-]+)(?:[ \t]+([\w.-]+))?/g;
  return [...script.matchAll(commands)].some(
    ([, program = '', next]) =>
      (programs.includes(program) && isServing(next, server)) ||
      (program === 'docker-entrypoint.sh' && (next === undefined || programs.includes(next))),
  );
}

/** Whether words and variables leave it its data: some are caches unless told otherwise, some keep it elsewhere. */
function keepsData(
  { command, args, env }: Container,
  { keepsWith, keepsNothingWith }: Pick<Database, 'keepsWith' | 'keepsNothingWith'>,
): boolean {
  if (keepsWith === undefined && keepsNothingWith === undefined) return true;
  const variables = records(env).map(({ name, value }) => `${text(name) ?? ''}=${text(value) ?? ''}`);
  const words = [...list(command), ...list(args), ...variables].filter((word) => text(word) !== undefined);
  const all = words.join(' ');
  return keepsWith?.test(all) !== false && keepsNothingWith?.test(all) !== true;
}

/** Variables that say what a member of a cluster does: arbiters and nodes that only route keep no data. */
function hasOtherRole({ env }: Container): boolean {
  return records(env).some(({ name, value }) => {
    if (!/(?:^|[._])(?:node[._](?:roles?|type|data)|replica_set_mode)$/i.test(text(name) ?? '')) return false;
    return typeof value !== 'string' || !/data|master|manager|primary|secondary|hidden|true/i.test(value);
  });
}
