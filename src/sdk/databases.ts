import { parseImageReference } from './image-reference.ts';
import { list, records, text } from './json.ts';
import type { Container } from './kubernetes.ts';
import { remember } from './remember.ts';

/** A database server as a container runs it. */
export interface Database {
  readonly name: string;
  /** Where its images keep the data, the first one where the official image does; none where no path is fixed. */
  readonly directories: readonly string[];
  /** Programs that are the server: whatever else its image runs is a client or a tool. */
  readonly programs: readonly string[];
  /** Where it stands that a member of a cluster has a role in which it keeps no data. */
  readonly roles?: 'environment' | 'environment or file';
  /** Whether it is as often a cache, and a database only where it is told to keep an append-only file. */
  readonly isCache?: true;
}

const postgres: Database = {
  name: 'PostgreSQL',
  // Up to 17 the official image keeps its data in the first one, since 18 in 18/docker below the second.
  directories: [
    '/var/lib/postgresql/data',
    '/var/lib/postgresql',
    '/var/lib/pgsql/data',
    '/bitnami/postgresql',
    '/home/postgres/pgdata',
  ],
  programs: ['postgres', 'postmaster', 'run-postgresql'],
};
const mysql: Database = {
  name: 'MySQL',
  directories: ['/var/lib/mysql', '/bitnami/mysql'],
  programs: ['mysqld', 'mysqld_safe', 'run-mysqld'],
};
const mariadb: Database = {
  name: 'MariaDB',
  // The last one is that of linuxserver/mariadb.
  directories: ['/var/lib/mysql', '/bitnami/mariadb', '/config/databases'],
  programs: ['mariadbd', 'mariadbd-safe', 'mysqld', 'mysqld_safe', 'run-mysqld'],
};
const mongo: Database = {
  name: 'MongoDB',
  directories: ['/data/db', '/bitnami/mongodb', '/var/lib/mongodb/data'],
  programs: ['mongod', 'run-mongod'],
  roles: 'environment',
};
const cassandra: Database = {
  name: 'Cassandra',
  // The last one is that of google-samples/cassandra, from the tutorial of Kubernetes.
  directories: ['/var/lib/cassandra', '/bitnami/cassandra', '/cassandra_data'],
  programs: ['cassandra'],
};
const elasticsearch: Database = {
  name: 'Elasticsearch',
  directories: ['/usr/share/elasticsearch/data', '/bitnami/elasticsearch'],
  programs: ['elasticsearch', 'eswrapper'],
  roles: 'environment or file',
};
const opensearch: Database = {
  name: 'OpenSearch',
  directories: ['/usr/share/opensearch/data', '/bitnami/opensearch'],
  programs: ['opensearch', 'opensearch-docker-entrypoint.sh', 'opensearchwrapper'],
  roles: 'environment or file',
};
const etcd: Database = { name: 'etcd', directories: [], programs: ['etcd'] };
const couchdb: Database = {
  name: 'CouchDB',
  directories: ['/opt/couchdb/data', '/bitnami/couchdb'],
  programs: ['couchdb'],
};
const neo4j: Database = { name: 'Neo4j', directories: ['/data', '/bitnami/neo4j'], programs: ['neo4j'] };
const clickhouse: Database = {
  name: 'ClickHouse',
  directories: ['/var/lib/clickhouse', '/bitnami/clickhouse'],
  programs: ['clickhouse-server'],
};
const sqlServer: Database = {
  name: 'SQL Server',
  directories: ['/var/opt/mssql'],
  programs: ['sqlservr', 'permissions_check.sh', 'launch_sqlservr.sh'],
};
const redis: Database = {
  name: 'Redis',
  directories: ['/data', '/bitnami/redis'],
  programs: ['redis-server'],
  isCache: true,
};
const valkey: Database = {
  name: 'Valkey',
  directories: ['/data', '/bitnami/valkey'],
  programs: ['valkey-server'],
  isCache: true,
};

/**
 * By the last part of the repository, or its last two where one says too little: mirrors keep that part. Whole parts
 * only, so that postgres-exporter, pgbouncer and mysql-router are none of them.
 */
const byRepository: ReadonlyMap<string, Database> = new Map([
  ...names(postgres, 'postgres', 'postgresql', 'postgis', 'pgvector', 'timescaledb', 'timescaledb-ha'),
  ...names(mysql, 'mysql', 'mysql-server', 'mysql/community-server', 'mysql/enterprise-server'),
  ...names(mysql, 'percona', 'percona-server', 'percona-xtradb-cluster'),
  ...names(mariadb, 'mariadb', 'mariadb-galera'),
  ...names(mongo, 'mongo', 'mongodb', 'mongodb-community-server', 'mongodb-enterprise-server'),
  ...names(mongo, 'percona-server-mongodb'),
  ...names(cassandra, 'cassandra'),
  ...names(elasticsearch, 'elasticsearch', 'elasticsearch-wolfi'),
  ...names(opensearch, 'opensearch'),
  ...names(etcd, 'etcd'),
  ...names(couchdb, 'couchdb'),
  ...names(neo4j, 'neo4j'),
  ...names(clickhouse, 'clickhouse', 'clickhouse-server'),
  ...names(sqlServer, 'mssql/server', 'mssql/rhel/server'),
  ...names(redis, 'redis'),
  ...names(valkey, 'valkey'),
]);

function names(database: Database, ...repositories: readonly string[]): readonly [string, Database][] {
  return repositories.map((repository) => [repository, database]);
}

/** Images of Bitnami keep their data below /bitnami, whatever the official ones do. */
function asPackaged(database: Database | undefined, parts: readonly string[]): Database | undefined {
  // Where a cache keeps its file, its configuration says.
  if (database?.isCache === true || !parts.some((part) => part.startsWith('bitnami'))) return database;
  const directories = database?.directories.filter((directory) => directory.startsWith('/bitnami/')) ?? [];
  return database === undefined || directories.length === 0 ? database : { ...database, directories };
}

const find = remember(1_000, (image): Database | undefined => {
  const parts = parseImageReference(image)?.repository.split('/') ?? [];
  const last = parts.at(-1);
  if (last === undefined) return undefined;
  // Red Hat and Software Collections name the version in the repository: postgresql-16, mariadb-1011-c9s.
  const versioned = /^(postgresql|mysql|mariadb|mongodb)-\d+(?:-(?:c|el|centos)\d+s?)?$/.exec(last)?.[1];
  const found =
    byRepository.get(parts.slice(-3).join('/')) ??
    byRepository.get(parts.slice(-2).join('/')) ??
    byRepository.get(versioned ?? last);
  return asPackaged(found, parts);
});

/**
 * The database whose server a container runs, as far as its image and its command tell. A client or a tool from the
 * image of a database (`psql`, `mysqldump`), and what is started by a script that names no server, is none; neither
 * is a member of a cluster that says it keeps no data, nor a cache. Never throws.
 *
 * @example
 * databaseOf({ image: 'postgres:18' })?.name; // 'PostgreSQL'
 * databaseOf({ image: 'postgres:18', command: ['pg_dump', 'shop'] }); // undefined
 */
export function databaseOf(container: Container): Database | undefined {
  const database = typeof container.image === 'string' ? find(container.image) : undefined;
  if (database === undefined || !startsServer(container, database.programs)) return undefined;
  if (database.isCache === true && !keepsAppendOnlyFile(container)) return undefined;
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
const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash']);

/**
 * Whether a container runs one of the programs. Without a command the image's own entrypoint does; arguments that
 * begin with a dash are the server's, other ones name another program.
 *
 * @example
 * startsServer({ args: ['-c', 'max_connections=200'] }, ['postgres']); // true
 * startsServer({ command: ['psql'] }, ['postgres']); // false
 */
export function startsServer(container: Container, programs: readonly string[]): boolean {
  const command: readonly unknown[] = list(container.command);
  const words: readonly unknown[] = list(container.args);
  return isServer(command.length === 0 ? ['entrypoint.sh', ...words] : [...command, ...words], programs);
}

function isServer(words: readonly unknown[], programs: readonly string[]): boolean {
  let isWrapped = false;
  for (const [index, word] of words.entries()) {
    if (typeof word !== 'string') return false;
    if (isWrapped && word.startsWith('-')) continue;
    const program = word.slice(word.lastIndexOf('/') + 1);
    const next = words[index + 1];
    if (programs.includes(program) || isBitnamiServer(word)) return !isProxy(next);
    if (shells.has(program)) return words.slice(index + 1).some((script) => startsIn(script, programs));
    if (wrappers.has(program)) isWrapped = true;
    else if (!entrypoints.has(program)) return false;
    else if (next === undefined || (typeof next === 'string' && next.startsWith('-'))) return true;
  }
  return false;
}

function isBitnamiServer(word: string): boolean {
  return word.startsWith('/opt/bitnami/scripts/') && word.endsWith('/run.sh');
}

/** `etcd grpc-proxy` and `etcd gateway` keep nothing. */
function isProxy(argument: unknown): boolean {
  return argument === 'grpc-proxy' || argument === 'gateway';
}

/** Whether a shell script runs one of the programs: where a command stands, not as an argument (`psql -U postgres`). */
function startsIn(script: unknown, programs: readonly string[]): boolean {
  if (typeof script !== 'string') return false;
  const commands = /(?:^|[\n;&|])[ \t]*(?:exec[ \t]+)?(?:[\w.-]*\/)*([\w.-]+)(?:[ \t]+([\w.-]+))?/g;
  return [...script.matchAll(commands)].some(
    ([, program = '', next]) =>
      (programs.includes(program) && !isProxy(next)) ||
      (program === 'docker-entrypoint.sh' && (next === undefined || programs.includes(next))),
  );
}

function keepsAppendOnlyFile({ command, args }: Container): boolean {
  const words = [...list(command), ...list(args)];
  return words.some(
    (word, index) =>
      typeof word === 'string' &&
      (word === '--appendonly' ? words[index + 1] === 'yes' : /--appendonly[ =]["']?yes/.test(word)),
  );
}

/** Variables that say what a member of a cluster does: arbiters and nodes that only route keep no data. */
function hasOtherRole({ env }: Container): boolean {
  return records(env).some(({ name, value }) => {
    if (!/(?:^|[._])(?:node[._](?:roles?|type|data)|replica_set_mode)$/i.test(text(name) ?? '')) return false;
    return typeof value !== 'string' || !/data|master|manager|primary|secondary|hidden|true/i.test(value);
  });
}
