import type { Cases, Command } from './case.ts';
import { alnum, hex, jwt, makers } from './values.ts';

const byFormat: readonly Command[] = makers.flatMap(([, make], index) =>
  index % 2 === 0 ? [] : [[['/shop', '--port', '8080', `--upstream=${make()}`], 1] as const],
);
const byFlag: readonly Command[] = [
  '--password',
  '--db-password',
  '-password',
  '--client-secret',
  '--api-key',
  '--auth-token',
].flatMap((flag) => {
  const value = alnum(20);
  return [
    [['/shop', `${flag}=${value}`], 1] as const,
    [['/shop', flag, value, '--port', '8080'], 1] as const,
  ];
});

const single: readonly Command[] = [
  [['mysql', '-h', 'db', '-u', 'root', '-phunter2', 'shop'], 1],
  [['mysqldump', '-uroot', '-pTulip99', 'shop'], 1],
  [['mysqladmin', 'ping', '-phunter2'], 1],
  [['/usr/bin/mariadb', '-u', 'root', '-phunter2'], 1],
  [['sh', '-c', 'mysqladmin ping -h 127.0.0.1 -uroot -phunter2'], 1],
  [['sh', '-c', 'until mysql -hdb -phunter2 -e "select 1"; do sleep 1; done'], 1],
  [['redis-cli', '-a', 'hunter2', 'ping'], 1],
  [['redis-server', '--requirepass', 'hunter2'], 1],
  [['sshpass', '-p', 'hunter2', 'ssh', 'deploy@host'], 1],
  [['sshpass', '-phunter2', 'scp', 'a', 'host:b'], 1],
  [['curl', '-u', 'shop:Tulip99', 'https://api.example.com'], 1],
  [['curl', '--user', 'shop:Tulip99', 'https://api.example.com'], 1],
  [['curl', '-ushop:Tulip99', 'https://api.example.com'], 1],
  [['curl', '-H', `Authorization: Bearer ${jwt()}`, 'https://api.example.com'], 1],
  [['curl', '-H', `X-Api-Key: ${hex(32)}`, 'https://api.example.com'], 1],
  [['mongosh', '-u', 'root', '-p', 'hunter2'], 1],
  [['mongodump', '--username', 'root', '--password', 'hunter2'], 1],
  [['docker', 'login', '-u', 'robot', '-p', 'Tulip99', 'registry.example.com'], 1],
  [['java', '-Dspring.datasource.password=hunter2', '-jar', 'shop.jar'], 1],
  [['env', 'PGPASSWORD=hunter2', 'psql', '-h', 'db'], 1],
  [['sqlcmd', '-S', 'db', '-U', 'sa', '-P', 'Tulip99!'], 1],
  [['etcdctl', '--user=root:Tulip99', 'get', 'orders'], 1],
  [['ldapsearch', '-x', '-D', 'cn=admin', '-w', 'hunter2'], 1],
  [['sh', '-c', 'export DB_PASSWORD=hunter2\nexec /shop'], 1],
  [['/shop', '--set', 'db.password=hunter2'], 1],
];

const harmless: readonly Command[] = [
  [['mysql', '-h', 'db', '-u', 'root', '-p$(MYSQL_ROOT_PASSWORD)'], 0],
  [['sh', '-c', 'mysqladmin ping -uroot -p$MYSQL_ROOT_PASSWORD'], 0],
  [['sh', '-c', 'mysqladmin ping -uroot -p"${MYSQL_ROOT_PASSWORD}"'], 0],
  [['mysql', '-p', 'shop'], 0],
  [['mysql', '--protocol=tcp', '-P3306', 'shop'], 0],
  [['psql', '-p5432', '-h', 'db'], 0],
  [['psql', '-p', '5432'], 0],
  [['ssh', '-p', '2222', 'host'], 0],
  [['mkdir', '-p', '/data/mysql'], 0],
  [['sh', '-c', 'mkdir -p /data && cp -pr /a /b'], 0],
  [['sh', '-c', 'mkdir -pv /var/lib/mysql && chown mysql /var/lib/mysql'], 0],
  [['nc', '-p', 'hunter2'], 0],
  [['redis-cli', '-a', '$(REDIS_PASSWORD)', 'ping'], 0],
  [['redis-cli', '-h', 'cache', 'ping'], 0],
  [['ls', '-a', 'data2024'], 0],
  [['curl', '-u', '$(USER):$(PASSWORD)', 'https://api.example.com'], 0],
  [['curl', '-sf', 'http://localhost:8080/healthz'], 0],
  [['curl', '-H', 'Authorization: Bearer $(TOKEN)', 'https://api.example.com'], 0],
  [['/shop', '--password-file=/run/secrets/db'], 0],
  [['/shop', '--token-ttl', '30m'], 0],
  [['/shop', '--secret-name', 'db-credentials'], 0],
  [['/shop', '--password', '$(DB_PASSWORD)'], 0],
  [['/shop', '--password=$(DB_PASSWORD)'], 0],
  [['/shop', '--token-url=https://id.example.com/token'], 0],
  [['/shop', '--enable-password-auth', 'true'], 0],
  [['/shop', '--password', '--verbose'], 0],
  [['/shop', '--tls-private-key-file=/etc/tls/tls.key'], 0],
  [['kube-apiserver', '--authorization-mode=Node,RBAC'], 0],
  [['kube-apiserver', '--service-account-key-file=/etc/kubernetes/pki/sa.pub'], 0],
  [['kube-apiserver', '--enable-bootstrap-token-auth=true'], 0],
  [['kubectl', 'create', 'token', 'orders-reader'], 0],
  [['kubectl', 'get', 'secret', 'db-credentials', '-o', 'yaml'], 0],
  [['vault', 'agent', '-config=/etc/vault/agent.hcl'], 0],
  [['oauth2-proxy', '--client-id=shop-web', '--cookie-secure=true'], 0],
  [['oauth2-proxy', '--client-secret-file=/run/secrets/client'], 0],
  [['/manager', '--leader-elect', '--secret-namespace=vault-system'], 0],
  [['mysqld', '--default-authentication-plugin=mysql_native_password'], 0],
  [['mysqld', '--port=3306', '-pidfile'], 0],
  [['redis-server', '--requirepass', '$(REDIS_PASSWORD)'], 0],
  [['sh', '-c', 'echo "the password is in the Secret"'], 0],
  [['sh', '-c', 'PASSWORD=$(cat /run/secrets/db) exec /shop'], 0],
  [['git', 'clone', 'https://git.example.com/shop/orders.git'], 0],
  [['/shop', `--config-hash=${hex(64)}`], 0],
  [['docker', 'run', '-p', '8080:80', 'shop'], 0],
  [['sqlcmd', '-S', 'db', '-U', 'sa', '-P', '$(SA_PASSWORD)'], 0],
  [['etcdctl', '--user=root:$(ROOT_PASSWORD)', 'get', 'orders'], 0],
  [['etcdctl', '--user=root', 'get', 'orders'], 0],
];

const commands: readonly Command[] = [...byFormat, ...byFlag, ...single, ...harmless];

export const ownCommands = { commands } satisfies Cases;
