import { builtinKinds, type KindInfo, type KubernetesObject } from '#sdk';
import { apiVersionIn } from '../engine/api-version.ts';
import { rollout } from './judge-fixture.ts';

const nothings: readonly unknown[] = [null, 5, 'x', true, [], {}, [null], [[]], [{}]];

/** Keys that every JavaScript object inherits. As JSON, because a literal would set the prototype. */
const inherited = JSON.parse(
  '{"__proto__": "x", "constructor": "x", "toString": "x", "valueOf": "x", "hasOwnProperty": "x", "": "x"}',
) as object;

const containers: readonly unknown[] = [
  ...nothings,
  [null, 5, 'x', [], {}, { name: null, image: null, env: null, ports: null, resources: null }],
  [{ name: 5, image: {}, env: 'x', envFrom: 5, ports: {}, resources: [], securityContext: 'x', args: 5 }],
  [{ name: 'a', resources: { limits: inherited, requests: inherited }, securityContext: inherited }],
  [
    {
      name: 'a',
      env: [inherited, { name: '__proto__', value: 'constructor' }, null, 'x', { name: {}, value: [] }],
    },
  ],
  [
    {
      name: '\u202e\n\u0000',
      image: '\u{1f600}'.repeat(1000),
      livenessProbe: 5,
      readinessProbe: [],
      lifecycle: 'x',
    },
  ],
];

function podSpecs(): readonly unknown[] {
  const fields = ['containers', 'initContainers', 'ephemeralContainers'];
  return [
    ...nothings,
    ...containers.flatMap((list) => fields.map((field) => ({ [field]: list }))),
    {
      containers: [{ name: 'a' }],
      volumes: nothings,
      tolerations: nothings,
      affinity: 'x',
      securityContext: 5,
    },
    { containers: [{ name: 'a' }], ...inherited, restartPolicy: {}, resources: inherited, os: inherited },
  ];
}

const metadata: readonly unknown[] = [
  ...nothings,
  { name: null, namespace: 5, labels: 'x', annotations: [], ownerReferences: 'x' },
  { name: 'a', labels: inherited, annotations: inherited, ownerReferences: [null, 5, {}, inherited] },
];

/** Objects of every kind, as wrong as JSON allows. */
export function hostileObjects(): readonly KubernetesObject[] {
  const strangers = [{}, { apiVersion: 5, kind: {} }, { apiVersion: '__proto__/v1', kind: 'constructor' }];
  return [...strangers, ...kinds.flatMap(ofKind)] as readonly KubernetesObject[];
}

/** Objects with one text of the length; the API server takes no object of more than three megabytes. */
export function longObjects(length: number): readonly KubernetesObject[] {
  const long = 'a'.repeat(length);
  const everywhere = [
    { metadata: { name: long } },
    { metadata: { name: 'a', namespace: long } },
    { metadata: { name: 'a', labels: { a: long } } },
    { metadata: { name: 'a', labels: { [long]: 'a' } } },
    { metadata: { name: 'a', annotations: { a: long } } },
    { metadata: { name: 'a' }, data: { a: long, [long]: 'a' } },
  ];
  const containers = [
    { name: long, image: 'a' },
    { name: 'a', image: long },
    { name: 'a', image: `${'a/'.repeat(length / 2)}:` },
    { name: 'a', args: [long], command: ['sh', '-c'] },
    { name: 'a', env: [{ name: long, value: 'a' }] },
    { name: 'a', env: [{ name: 'A', value: long }] },
    { name: 'a', env: [{ name: 'A', value: '$(A)'.repeat(length / 4) }] },
    {
      name: 'a',
      resources: { limits: { memory: '9'.repeat(length) }, requests: { cpu: `1${'0'.repeat(length)}m` } },
    },
  ];
  const pods = containers.map((container) => ({
    ...headOf(builtinKinds.Pod),
    metadata: { name: 'a' },
    spec: { containers: [container] },
  }));
  return [
    ...kinds.flatMap((kind) => everywhere.map((content) => ({ ...headOf(kind), ...content }))),
    ...pods,
  ];
}

const kinds = [...Object.values(builtinKinds), rollout];
const fields = ['spec', 'data', 'stringData', 'rules', 'subjects', 'roleRef', 'webhooks', 'secrets'];

function headOf({ group, versions, kind }: KindInfo) {
  return { apiVersion: apiVersionIn(group, versions[0] ?? 'v1'), kind };
}

function ofKind(info: KindInfo): readonly object[] {
  const head = headOf(info);
  const named = { ...head, metadata: { name: 'a', namespace: 'a' } };
  const bodies = [
    ...nothings,
    inherited,
    { selector: inherited, replicas: {}, ports: nothings, metrics: nothings },
  ];
  const { template } = info;
  const templates =
    template === undefined
      ? []
      : [
          ...podSpecs().map((spec) => ({ metadata: null, spec })),
          ...metadata.map((value) => ({ metadata: value, spec: {} })),
        ];
  return [
    head,
    ...metadata.map((value) => ({ ...head, metadata: value })),
    ...fields.flatMap((field) => bodies.map((body) => ({ ...named, [field]: body }))),
    ...templates.map((content) => ({
      ...named,
      ...(template ?? []).reduceRight<object>((inner, step) => ({ [step]: inner }), content),
    })),
  ];
}
