import { parseImageReference } from './image-reference.ts';
import { remember } from './remember.ts';

/** A database, broker or store of objects, as containers run it. */
export interface Database {
  readonly name: string;
  /** Where its images keep the data, the first one where the official image does; none where no path is fixed. */
  readonly directories: readonly string[];
  /** Programs that are the server: whatever else its image runs is a client or a tool. */
  readonly programs: readonly string[];
  /** Where the program is client and tool, too: the words behind it that make it the server; '' stands for none. */
  readonly serves?: readonly string[];
  /** Where it stands that a member of a cluster has a role in which it keeps no data. */
  readonly roles?: 'environment' | 'environment or file';
  /** Words or variables without which it keeps nothing, but is a cache or passes messages on. */
  readonly keepsWith?: RegExp;
  /** Words or variables with which its data lies elsewhere. */
  readonly keepsNothingWith?: RegExp;
}

const appendOnly = /--appendonly[ =]["']?yes/;

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
  keepsWith: appendOnly,
};
const valkey: Database = {
  name: 'Valkey',
  directories: ['/data', '/bitnami/valkey'],
  programs: ['valkey-server'],
  keepsWith: appendOnly,
};

const keydb: Database = {
  name: 'KeyDB',
  directories: ['/data'],
  programs: ['keydb-server'],
  keepsWith: appendOnly,
};
const cockroach: Database = {
  name: 'CockroachDB',
  directories: ['/cockroach/cockroach-data'],
  programs: ['cockroach', 'cockroach.sh'],
  serves: ['start', 'start-single-node'],
};
const influx: Database = {
  name: 'InfluxDB',
  // Version 2, 1 and 3 of the official image.
  directories: ['/var/lib/influxdb2', '/var/lib/influxdb', '/var/lib/influxdb3', '/bitnami/influxdb'],
  programs: ['influxd', 'influxdb3'],
  serves: ['', 'run', 'serve'],
  keepsNothingWith: /(?:--object-store[ =]|INFLUXDB3_OBJECT_STORE=)["']?(?!file)\w/,
};
const scylla: Database = { name: 'ScyllaDB', directories: ['/var/lib/scylla'], programs: ['scylla'] };
const yugabyte: Database = {
  name: 'YugabyteDB',
  directories: [],
  programs: ['yb-master', 'yb-tserver', 'yugabyted'],
};
const tikv: Database = { name: 'TiKV', directories: [], programs: ['tikv-server'] };
const placementDriver: Database = { name: 'PD of TiDB', directories: [], programs: ['pd-server'] };
const arango: Database = {
  name: 'ArangoDB',
  directories: ['/var/lib/arangodb3'],
  programs: ['arangod'],
  keepsNothingWith: /--cluster\.my-role[ =]["']?COORDINATOR/,
};
const rethink: Database = {
  name: 'RethinkDB',
  directories: ['/data'],
  programs: ['rethinkdb'],
  serves: ['', 'create', 'serve'],
};
const couchbase: Database = {
  name: 'Couchbase',
  directories: ['/opt/couchbase/var'],
  programs: ['couchbase-server'],
};
const oracle: Database = {
  name: 'Oracle Database',
  directories: ['/opt/oracle/oradata'],
  programs: ['runOracle.sh', 'container-entrypoint.sh'],
};
const db2: Database = { name: 'Db2', directories: ['/database'], programs: ['setup_db2_instance.sh'] };
const questdb: Database = {
  name: 'QuestDB',
  directories: ['/var/lib/questdb', '/root/.questdb'],
  programs: ['questdb.sh'],
};
const dgraph: Database = {
  name: 'Dgraph',
  directories: ['/dgraph'],
  programs: ['dgraph'],
  serves: ['alpha', 'zero'],
};
const crate: Database = { name: 'CrateDB', directories: ['/data'], programs: ['crate'] };
const aerospike: Database = {
  name: 'Aerospike',
  directories: ['/opt/aerospike/data'],
  programs: ['asd'],
};
const eventstore: Database = {
  name: 'EventStoreDB',
  directories: ['/var/lib/eventstore'],
  programs: ['eventstored', 'EventStore.ClusterNode'],
};
const raven: Database = {
  name: 'RavenDB',
  // Since version 6, and before.
  directories: ['/var/lib/ravendb/data', '/opt/RavenDB/Server/RavenDB.Data'],
  programs: ['Raven.Server'],
};
const solr: Database = {
  name: 'Solr',
  directories: ['/var/solr', '/bitnami/solr'],
  programs: ['solr-foreground', 'solr-precreate', 'solr-demo'],
};
const meilisearch: Database = {
  name: 'Meilisearch',
  directories: ['/meili_data'],
  programs: ['meilisearch'],
};
const typesense: Database = { name: 'Typesense', directories: [], programs: ['typesense-server'] };
const qdrant: Database = { name: 'Qdrant', directories: ['/qdrant/storage'], programs: ['qdrant'] };
const weaviate: Database = { name: 'Weaviate', directories: [], programs: ['weaviate'] };
const zookeeper: Database = {
  name: 'ZooKeeper',
  directories: ['/data', '/bitnami/zookeeper', '/var/lib/zookeeper'],
  programs: ['zkServer.sh', 'run'],
};

const rabbit: Database = {
  name: 'RabbitMQ',
  directories: ['/var/lib/rabbitmq', '/bitnami/rabbitmq', '/opt/bitnami/rabbitmq/.rabbitmq'],
  programs: ['rabbitmq-server'],
};
const kafka: Database = {
  name: 'Kafka',
  // Each image has its own, and all of them let a variable decide.
  directories: [],
  programs: ['kafka-server-start.sh', 'kafka-server-start', 'start-kafka.sh', 'run'],
};
const redpanda: Database = {
  name: 'Redpanda',
  directories: ['/var/lib/redpanda/data'],
  programs: ['redpanda', 'rpk'],
  serves: ['', 'start', 'redpanda'],
};
const pulsar: Database = {
  name: 'Pulsar',
  directories: ['/pulsar/data'],
  programs: ['pulsar'],
  serves: ['standalone', 'bookie', 'zookeeper'],
};
const activemq: Database = {
  name: 'ActiveMQ',
  directories: ['/opt/apache-activemq/data'],
  programs: ['activemq'],
  serves: ['', 'console', 'start'],
};
const artemis: Database = {
  name: 'ActiveMQ Artemis',
  directories: ['/var/lib/artemis-instance'],
  programs: ['artemis'],
  serves: ['', 'run'],
};
const nats: Database = {
  name: 'NATS JetStream',
  directories: ['/tmp/nats/jetstream'],
  programs: ['nats-server'],
  keepsWith: /(?:^|[ "'])(?:-js|--?jetstream)(?:$|[ "'])/,
};
const ibmMq: Database = {
  name: 'IBM MQ',
  directories: ['/mnt/mqm'],
  programs: ['runmqdevserver', 'runmqserver'],
};

// Where stores of objects keep theirs, their words or a file say; gateways to another store keep nothing.
const minio: Database = { name: 'MinIO', directories: [], programs: ['minio'], serves: ['', 'server'] };
const seaweed: Database = {
  name: 'SeaweedFS',
  directories: [],
  programs: ['weed'],
  serves: ['server', 'volume'],
};
const garage: Database = { name: 'Garage', directories: [], programs: ['garage'], serves: ['', 'server'] };
const rustfs: Database = { name: 'RustFS', directories: [], programs: ['rustfs'] };

/**
 * By the last part of the repository, or its last two where one says too little: mirrors keep that part. Whole parts
 * only, so that postgres-exporter, pgbouncer and kafka-ui are none of them.
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
  ...names(redis, 'redis-stack', 'redis-stack-server'),
  ...names(keydb, 'keydb'),
  ...names(postgres, 'spilo'),
  ...names(cockroach, 'cockroach', 'cockroachdb'),
  ...names(influx, 'influxdb', 'influxdb3-core', 'influxdb3-enterprise'),
  ...names(scylla, 'scylla', 'scylla-enterprise', 'scylladb'),
  ...names(yugabyte, 'yugabyte'),
  ...names(tikv, 'tikv'),
  ...names(placementDriver, 'pingcap/pd'),
  ...names(arango, 'arangodb', 'arangodb/enterprise'),
  ...names(rethink, 'rethinkdb'),
  ...names(couchbase, 'couchbase', 'couchbase/server'),
  ...names(oracle, 'database/enterprise', 'database/express', 'database/free', 'oracle-free', 'oracle-xe'),
  ...names(db2, 'db2_community/db2', 'ibmcom/db2'),
  ...names(questdb, 'questdb'),
  ...names(dgraph, 'dgraph'),
  ...names(crate, 'library/crate', 'crate/crate'),
  ...names(aerospike, 'library/aerospike', 'aerospike-server', 'aerospike-server-enterprise'),
  ...names(eventstore, 'eventstore/eventstore'),
  ...names(raven, 'ravendb/ravendb'),
  ...names(solr, 'solr'),
  ...names(meilisearch, 'meilisearch'),
  ...names(typesense, 'typesense'),
  ...names(qdrant, 'qdrant'),
  ...names(weaviate, 'weaviate'),
  ...names(zookeeper, 'zookeeper', 'cp-zookeeper'),
  ...names(rabbit, 'rabbitmq'),
  ...names(kafka, 'kafka', 'kafka-native', 'cp-kafka', 'cp-server'),
  ...names(redpanda, 'redpanda'),
  ...names(pulsar, 'pulsar', 'pulsar-all'),
  ...names(activemq, 'activemq', 'activemq-classic'),
  ...names(artemis, 'activemq-artemis', 'activemq-artemis-broker'),
  ...names(nats, 'nats'),
  ...names(ibmMq, 'ibm-messaging/mq', 'ibmcom/mq'),
  ...names(minio, 'minio'),
  ...names(seaweed, 'seaweedfs'),
  ...names(garage, 'dxflrs/garage', 'dxflrs/amd64_garage', 'dxflrs/arm64_garage'),
  ...names(rustfs, 'rustfs/rustfs'),
]);

function names(database: Database, ...repositories: readonly string[]): readonly [string, Database][] {
  return repositories.map((repository) => [repository, database]);
}

/** Images of Bitnami keep their data below /bitnami, whatever the official ones do. */
function asPackaged(database: Database | undefined, parts: readonly string[]): Database | undefined {
  // Where a cache keeps its file, its configuration says.
  if (database?.keepsWith !== undefined || !parts.some((part) => part.startsWith('bitnami'))) return database;
  const directories =
    database?.directories.filter((directory) => /^\/(?:opt\/)?bitnami\//.test(directory)) ?? [];
  return database === undefined || directories.length === 0 ? database : { ...database, directories };
}

/** The database that an image is made for, whatever it runs. */
export const databaseOfImage = remember(1_000, (image): Database | undefined => {
  const parts = parseImageReference(image)?.repository.split('/') ?? [];
  const last = parts.at(-1);
  if (last === undefined) return undefined;
  // Red Hat and Software Collections name the version in the repository: postgresql-16, mariadb-1011-c9s.
  const versioned = /^(postgresql|mysql|mariadb|mongodb|spilo)-\d+(?:-(?:c|el|centos)\d+s?)?$/.exec(
    last,
  )?.[1];
  const found =
    byRepository.get(parts.slice(-3).join('/')) ??
    byRepository.get(parts.slice(-2).join('/')) ??
    byRepository.get(versioned ?? last);
  return asPackaged(found, parts);
});
