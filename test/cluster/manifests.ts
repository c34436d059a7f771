/** Objects the cluster tests apply. Each call makes a new one that the test may change. */

interface Labelled {
  labels?: Record<string, string>;
  [key: string]: unknown;
}

interface Container {
  name: string;
  image: string;
  [key: string]: unknown;
}

interface PodSpec {
  containers: Container[];
  [key: string]: unknown;
}

export interface Deployment {
  apiVersion: 'apps/v1';
  kind: 'Deployment';
  metadata: Labelled & { name: string; namespace: string };
  spec: {
    replicas: number;
    selector: { matchLabels: Record<string, string> };
    template: { metadata: Labelled; spec: PodSpec };
  };
}

function labels(name: string): Record<string, string> {
  return {
    owner: 'shop',
    'cost-center': 'cc-4711',
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/version': '1.0.0',
  };
}

/** A pod spec that every policy of the profiles is content with. */
export function readyPodSpec(): PodSpec {
  return {
    serviceAccountName: 'default',
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'app',
        image: 'registry.example.com/shop/app:1.0.0',
        ports: [{ name: 'http', containerPort: 8080 }],
        readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
        livenessProbe: { httpGet: { path: '/alive', port: 'http' }, periodSeconds: 30 },
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  };
}

export function readyDeployment(name: string, namespace: string): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace,
      labels: labels(name),
      annotations: { contact: '#shop', runbook: 'https://runbooks.acme.dev/shop' },
    },
    spec: {
      replicas: 3,
      selector: { matchLabels: { 'app.kubernetes.io/name': name } },
      template: { metadata: { labels: labels(name) }, spec: readyPodSpec() },
    },
  };
}

/** Runs, and is refused by the production profile for many reasons. */
export function draftDeployment(name: string, namespace: string): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name: 'app',
              image: 'registry.example.com/shop/app:latest',
              env: [{ name: 'DB_PASSWORD', value: 'correct-horse-battery' }],
            },
          ],
        },
      },
    },
  };
}

export function pod(name: string, namespace: string, spec: PodSpec): Record<string, unknown> {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels: labels(name) }, spec };
}

export function namespace(name: string, profile?: string): object {
  const labels = profile === undefined ? {} : { 'daygate.dev/profile': profile };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}
