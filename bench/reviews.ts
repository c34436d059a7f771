/** AdmissionReviews of about 5 kB: what the API server sends for a Pod with sidecars, defaults and managedFields. */

function container(name: string, image: string): object {
  return {
    name,
    image,
    imagePullPolicy: 'Always',
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    env: [
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'DATABASE_HOST', value: 'postgres.shop.svc.cluster.local' },
      { name: 'DATABASE_PASSWORD', valueFrom: { secretKeyRef: { name: 'database', key: 'password' } } },
      { name: 'TOKEN_URL', value: 'https://login.example.com/oauth/token' },
      { name: 'CACHE_TTL', value: '300s' },
    ],
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1', memory: '256Mi' } },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
    readinessProbe: {
      httpGet: { path: '/ready', port: 'http', scheme: 'HTTP' },
      timeoutSeconds: 1,
      periodSeconds: 10,
    },
    livenessProbe: {
      httpGet: { path: '/alive', port: 'http', scheme: 'HTTP' },
      timeoutSeconds: 1,
      periodSeconds: 30,
    },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  };
}

const labels = {
  'app.kubernetes.io/name': 'checkout',
  'app.kubernetes.io/instance': 'checkout',
  'app.kubernetes.io/version': '1.8.2',
};

const image = (name: string): string => `registry.example.com/shop/${name}:1.8.2`;

interface PodObject {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: Record<string, unknown> & { readonly containers: readonly object[] };
}

/** A Pod with three containers that every policy of the production profile lets pass. */
export function passingPod(): PodObject {
  const fields = [
    'name',
    'image',
    'imagePullPolicy',
    'ports',
    'env',
    'resources',
    'readinessProbe',
    'livenessProbe',
  ];
  const fieldsV1 = {
    'f:metadata': { 'f:labels': Object.fromEntries(Object.keys(labels).map((key) => [`f:${key}`, {}])) },
    'f:spec': {
      'f:containers': Object.fromEntries(
        ['app', 'proxy', 'metrics'].map((name) => [
          `k:{"name":"${name}"}`,
          Object.fromEntries(fields.map((field) => [`f:${field}`, {}])),
        ]),
      ),
    },
  };
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      name: 'checkout',
      namespace: 'shop',
      uid: '6f3c1f2e-9a46-4b4b-8a35-0e4a2f7a4a11',
      creationTimestamp: '2026-11-21T12:00:00Z',
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'checkout-7d4f9', uid: 'u', controller: true },
      ],
      labels,
      managedFields: [
        { manager: 'kubectl', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1 },
      ],
    },
    spec: {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'checkout',
      automountServiceAccountToken: false,
      schedulerName: 'default-scheduler',
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }],
      containers: [
        container('app', image('checkout')),
        container('proxy', image('proxy')),
        container('metrics', image('metrics')),
      ],
    },
  };
}

/** The same with a moving tag and without limits. */
export function deniedPod(): PodObject {
  const pod = passingPod();
  const [first, ...others] = pod.spec.containers;
  const containers = [
    { ...first, image: 'registry.example.com/shop/checkout:latest', resources: {} },
    ...others,
  ];
  return { ...pod, spec: { ...pod.spec, containers } };
}

/** The same without what `fix: true` adds. */
export function patchedPod(): PodObject {
  const pod = passingPod();
  return { ...pod, spec: { ...pod.spec, securityContext: { runAsNonRoot: true } } };
}

/** What a client sends of a Pod to create it; the rest is the API server's to set. */
export function newPod(pod: PodObject, namespace: string): object {
  const { name, labels, ownerReferences } = pod.metadata;
  return { ...pod, metadata: { name, namespace, labels, ownerReferences } };
}

export function admissionReview(object: object): string {
  return JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      requestKind: { group: '', version: 'v1', kind: 'Pod' },
      requestResource: { group: '', version: 'v1', resource: 'pods' },
      name: 'checkout',
      namespace: 'shop',
      operation: 'CREATE',
      userInfo: {
        username: 'alice',
        groups: ['developers', 'system:authenticated'],
        extra: { 'authentication.kubernetes.io/credential-id': ['X509SHA256=0a1b'] },
      },
      object,
      oldObject: null,
      dryRun: false,
      options: {
        kind: 'CreateOptions',
        apiVersion: 'meta.k8s.io/v1',
        fieldManager: 'kubectl-client-side-apply',
      },
    },
  });
}
