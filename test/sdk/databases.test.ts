import { describe, expect, it } from 'vitest';
import { databaseOf, startsServer } from '#sdk';
import { processorMs } from '../../src/policy-test/processor-time.ts';

describe('databaseOf', () => {
  it.each([
    ['postgres', 'PostgreSQL'],
    ['docker.io/library/postgres:16.4', 'PostgreSQL'],
    ['registry.example.com/mirror/bitnami/postgresql:17', 'PostgreSQL'],
    ['registry.redhat.io/rhel9/postgresql-16:1', 'PostgreSQL'],
    ['quay.io/sclorg/mariadb-1011-c9s', 'MariaDB'],
    ['container-registry.oracle.com/mysql/community-server:8.4', 'MySQL'],
    ['percona/percona-server-mongodb:8.0', 'MongoDB'],
    ['mcr.microsoft.com/mssql/rhel/server:2022-latest', 'SQL Server'],
    ['registry.example.com/server', undefined],
    ['registry.example.com/community-server', undefined],
    ['registry.example.com/postgres-exporter', undefined],
    ['registry.example.com/my-postgres', undefined],
    ['registry.example.com/postgresql-ha-16', undefined],
    ['registry.example.com/postgres/backup', undefined],
    ['redis:7', undefined],
    ['Postgres:', undefined],
  ])('takes %s for %s', (image, name) => {
    expect(databaseOf({ image })?.name).toBe(name);
  });

  it('takes no cluster member that keeps no data for a database', () => {
    const roles = (image: string, name: string, value?: string) =>
      databaseOf({ image, env: [{ name, ...(value === undefined ? {} : { value }) }] })?.name;
    expect(roles('elasticsearch:9.1.0', 'node.roles', 'ingest')).toBeUndefined();
    expect(roles('elasticsearch:9.1.0', 'node.data', 'false')).toBeUndefined();
    expect(roles('elasticsearch:9.1.0', 'node.roles', 'master,data')).toBe('Elasticsearch');
    expect(roles('bitnami/mongodb:8.0', 'MONGODB_REPLICA_SET_MODE', 'arbiter')).toBeUndefined();
    expect(roles('postgres:16.4', 'node.roles', 'ingest')).toBe('PostgreSQL');
  });

  it('takes Redis for a database where it keeps an append-only file', () => {
    const redis = (...args: string[]) => databaseOf({ image: 'redis:7.4', args })?.name;
    expect(redis('--appendonly', 'yes')).toBe('Redis');
    expect(redis('--appendonly', 'no', '--save', 'yes')).toBeUndefined();
    expect(
      databaseOf({ image: 'redis:7.4', command: ['sh', '-c', 'redis-server --appendonly "yes"'] })?.name,
    ).toBe('Redis');
  });
});

describe('startsServer', () => {
  const programs = ['postgres', 'etcd'];
  it.each([
    [undefined, undefined],
    [undefined, ['-c', 'max_connections=200']],
    [undefined, ['postgres', '-c', 'max_connections=200']],
    [['postgres'], undefined],
    [['/usr/lib/postgresql/16/bin/postgres', '-D', '/srv'], undefined],
    [['docker-entrypoint.sh'], ['-c', 'max_connections=200']],
    [['tini', '-g', '--', 'docker-entrypoint.sh', 'postgres'], undefined],
    [['/opt/bitnami/scripts/postgresql/entrypoint.sh', '/opt/bitnami/scripts/postgresql/run.sh'], undefined],
    [['sh', '-c', 'chown -R 999 /data && exec docker-entrypoint.sh postgres'], undefined],
    [['/bin/bash', '-ec'], ['cd /\n  /usr/local/bin/etcd --name a']],
  ])('sees a server in %j %j', (command, args) => {
    expect(startsServer({ command: command ?? null, args: args ?? null }, programs)).toBe(true);
  });

  it.each([
    [undefined, ['psql', '-U', 'postgres']],
    [['psql', '-U', 'postgres'], undefined],
    [['docker-entrypoint.sh', 'psql'], undefined],
    [['tini'], undefined],
    [['tini', '--', 'pg_dump'], undefined],
    [['sh', '-c', 'until pg_isready -U postgres; do sleep 1; done'], undefined],
    [['sh', '-c', 'psql "$URL" -c "select 1" | grep postgres'], undefined],
    [['etcd', 'grpc-proxy', 'start'], undefined],
    [['sh', '-c', 'exec etcd gateway start'], undefined],
    [['sleep', 'infinity'], undefined],
  ])('sees none in %j %j', (command, args) => {
    expect(startsServer({ command: command ?? null, args: args ?? null }, programs)).toBe(false);
  });

  it('is done with a long script in no time', () => {
    for (const piece of ['/', ';', 'a/', '; ', ';exec ', 'a ', '\n', 'exec a/']) {
      const script = `${piece.repeat(300_000)}!`;
      const took = processorMs(() => void startsServer({ command: ['sh', '-c', script] }, programs));
      expect(took, JSON.stringify(piece)).toBeLessThan(1_000);
    }
  });
});
