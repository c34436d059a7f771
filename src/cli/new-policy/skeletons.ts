import type { Target } from '#sdk';

/** What a fresh policy of each target looks at, small enough to be replaced and real enough to pass its tests. */
export interface Skeleton {
  /** Lines of the definition between `target` and `profiles`. */
  readonly scope: string;
  readonly message: string;
  readonly remediation: string;
  readonly validate: string;
  readonly good: string;
  readonly bad: string;
  /** What the bad manifest leads to: its place, and header lines of the fixture beside it. */
  readonly place: string;
  readonly header?: string;
}

const pod = (container: string, spec = ''): string => `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
${spec}  containers:
    - name: app
      image: registry.example.com/shop/web:1.4.2
${container}`;

const service = (ports: string): string => `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  selector:
    app: web
  ports:
    - port: 80
${ports}`;

const account = `---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
  namespace: shop
`;

export const skeletons: Readonly<Record<Target, Skeleton>> = {
  container: {
    scope: '',
    message: '{container} asks for a terminal.',
    remediation: 'Remove tty, or set it to false.',
    validate: `validate({ container, at }, { report }) {
    if (container.tty === true) report({ message: 'found', at: at('tty') });
  },`,
    good: pod(''),
    bad: pod('      tty: true\n'),
    place: 'spec.containers[app].tty',
  },
  podSpec: {
    scope: '',
    message: 'The pods of {kind} {name} use the network of their node.',
    remediation: 'Remove hostNetwork, or set it to false.',
    validate: `validate({ podSpec, at }, { report }) {
    if (podSpec.hostNetwork === true) report({ message: 'found', at: at('hostNetwork') });
  },`,
    good: pod(''),
    bad: pod('', '  hostNetwork: true\n'),
    place: 'spec.hostNetwork',
  },
  object: {
    scope: `kinds: ['Service'],`,
    message: 'Port {port} of {kind} {name} has no name.',
    remediation: 'Give the port a name.',
    validate: `validate({ object, at }, { report }) {
    for (const [index, port] of list(object.spec?.ports).entries()) {
      // Items of an object that nobody has checked yet may be anything.
      if (!isRecord(port) || text(port.name) !== undefined) continue;
      if (typeof port.port !== 'number') continue;
      report({ message: 'found', at: at('spec', 'ports', index, 'name'), data: { port: port.port } });
    }
  },`,
    good: service('      name: http\n'),
    bad: service(''),
    place: 'spec.ports[80].name',
  },
  request: {
    scope: `kinds: ['Service'],
  operations: ['CREATE', 'UPDATE', 'DELETE'],`,
    message: '{user} is not among those who may change {kind} {name}.',
    remediation: 'Ask somebody of the group platform.',
    validate: `validate({ user, at }, { report }) {
    if (user.groups.includes('platform')) return;
    report({ message: 'found', at: at('metadata'), data: { user: user.username } });
  },`,
    good: service(''),
    bad: service(''),
    place: 'metadata',
    header: '# request: {operation: UPDATE, user: {username: alice, groups: [developers]}}\n',
  },
  relation: {
    scope: `kinds: ['Pod'],
  facts: ['ServiceAccount'],`,
    message: 'There is no ServiceAccount {account} for {kind} {name}.',
    remediation: 'Add the ServiceAccount, or correct spec.serviceAccountName.',
    validate: `validate({ object, namespace, facts, at }, { report }) {
    const account = text(object.spec?.serviceAccountName);
    if (account === undefined) return;
    if (facts.find('ServiceAccount', account, namespace) !== undefined) return;
    report({ message: 'found', at: at('spec', 'serviceAccountName'), data: { account } });
  },`,
    good: `${pod('', '  serviceAccountName: web\n')}${account}`,
    bad: pod('', '  serviceAccountName: web\n'),
    place: 'spec.serviceAccountName',
  },
};
