/** Manifests as teams have them: an application a file, with comments, some of it ready for production and some not. */

/** Numbers below a limit, the same ones for the same seed (mulberry32). */
export function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

type Random = (limit: number) => number;

const teams = ['checkout', 'search', 'billing', 'catalog', 'identity', 'shipping', 'reviews', 'pricing'];
const parts = ['api', 'worker', 'frontend', 'gateway', 'cache', 'importer', 'exporter', 'scheduler'];

const pick = <T>(random: Random, values: readonly [T, ...T[]]): T =>
  values[random(values.length)] ?? values[0];

const indent = (text: string, spaces: number): string => text.replace(/^(?=.)/gm, ' '.repeat(spaces));

interface Application {
  readonly name: string;
  readonly namespace: string;
  readonly team: string;
  readonly version: string;
  readonly isReady: boolean;
}

function metadata({ name, namespace, team, version }: Application): string {
  return `metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/instance: ${name}
    app.kubernetes.io/version: "${version}"
    app.kubernetes.io/component: ${name.split('-')[1] ?? 'api'}
    app.kubernetes.io/part-of: ${team}
    app.kubernetes.io/managed-by: kustomize
    owner: team-${team}
    cost-center: "${4000 + name.length}"
  annotations:
    contact: "#team-${team}"
    runbook: https://runbooks.acme.io/${team}/${name}
    description: >-
      Answers the calls of ${team} and keeps what it needs in a cache; when it is down, orders wait
      in the queue until it is back.
`;
}

function variables(random: Random, count: number): string {
  const names = [
    'LOG_LEVEL',
    'HTTP_TIMEOUT',
    'CACHE_TTL',
    'QUEUE_NAME',
    'FEATURE_FLAGS',
    'TRACE_RATIO',
    'REGION',
  ];
  return Array.from({ length: count }, (_, index) => {
    const name = `${names[index % names.length] ?? ''}${index < names.length ? '' : `_${index}`}`;
    switch (random(4)) {
      case 0:
        return `- name: ${name}\n  valueFrom:\n    configMapKeyRef:\n      name: settings\n      key: ${name.toLowerCase()}\n`;
      case 1:
        return `- name: ${name}\n  value: "${random(9000)}"\n`;
      case 2:
        return `- { name: ${name}, value: '${random(60)}s' }\n`;
      default:
        return `- name: ${name}\n  value: ${pick(random, ['info', 'eu-central', 'orders.created', 'on-demand'])}\n`;
    }
  }).join('');
}

function container(random: Random, { team, version, isReady }: Application, name: string): string {
  const image = `registry.example.com/${team}/${name}:${isReady || random(3) > 0 ? version : 'latest'}`;
  const probes = `readinessProbe:
  httpGet:
    path: /ready
    port: http
  periodSeconds: 10
  timeoutSeconds: 2
livenessProbe:
  httpGet: { path: /alive, port: http }
  periodSeconds: 20
  timeoutSeconds: 2
  failureThreshold: 5
`;
  const security = `securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  capabilities:
    drop: [ALL]
`;
  return `- name: ${name}
  image: ${image}
  imagePullPolicy: IfNotPresent
  # Started through the shell, so that the variables are in the log.
  command: ["/bin/app", "--listen", ":8080"]
  args:
    - --config=/etc/app/config.yaml
    - --metrics=:9090
  ports:
    - name: http
      containerPort: 8080
      protocol: TCP
    - name: metrics
      containerPort: 9090
  env:
${indent(variables(random, 8 + random(8)), 4)}  resources:
    requests:
      cpu: ${100 + 50 * random(8)}m
      memory: 256Mi
${isReady || random(2) > 0 ? '    limits:\n      memory: 256Mi\n' : ''}${isReady || random(3) > 0 ? indent(probes, 2) : ''}${isReady || random(3) > 0 ? indent(security, 2) : ''}  lifecycle:
    preStop:
      sleep: { seconds: 10 }
  volumeMounts:
    - name: config
      mountPath: /etc/app
      readOnly: true
    - name: tmp
      mountPath: /tmp
`;
}

function workload(random: Random, application: Application): string {
  const { name, isReady } = application;
  const isStateful = random(5) === 0;
  const labels = `app.kubernetes.io/name: ${name}\napp.kubernetes.io/instance: ${name}\n`;
  const more = `app.kubernetes.io/version: "${application.version}"\nowner: team-${application.team}\ncost-center: "4000"\n`;
  const containers = [name, ...['proxy'].slice(random(2))];
  const strategy = isStateful
    ? `serviceName: ${name}\nupdateStrategy:\n  type: RollingUpdate\n`
    : 'strategy:\n  type: RollingUpdate\n  rollingUpdate:\n    maxSurge: 1\n    maxUnavailable: 0\n';
  const claims = `volumeClaimTemplates:
  - metadata:
      name: data
    spec:
      accessModes: [ReadWriteOnce]
      storageClassName: standard
      resources:
        requests:
          storage: 10Gi
`;
  return `# ${name}: see https://runbooks.acme.io/${application.team}
apiVersion: apps/v1
kind: ${isStateful ? 'StatefulSet' : 'Deployment'}
${metadata(application)}spec:
  replicas: ${isReady ? 3 : 1 + random(3)}
  revisionHistoryLimit: 5
  selector:
    matchLabels:
${indent(labels, 6)}${indent(strategy, 2)}  template:
    metadata:
      labels:
${indent(labels + more, 8)}      annotations:
        contact: "#team-${application.team}"
        prometheus.io/scrape: "true"
        prometheus.io/port: "9090"
    spec:
      serviceAccountName: ${name}
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 45
      securityContext:
        runAsNonRoot: true
        fsGroup: 10001
        seccompProfile:
          type: RuntimeDefault
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
${indent(labels, 14)}      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 100
              podAffinityTerm:
                topologyKey: kubernetes.io/hostname
                labelSelector:
                  matchLabels:
${indent(labels, 20)}      containers:
${indent(containers.map((own) => container(random, application, own)).join(''), 8)}      volumes:
        - name: config
          configMap:
            name: ${name}
        - name: tmp
          emptyDir:
            sizeLimit: 64Mi
${isStateful ? indent(claims, 2) : ''}`;
}

function service(application: Application): string {
  return `apiVersion: v1
kind: Service
${metadata(application)}spec:
  type: ClusterIP
  selector:
    app.kubernetes.io/name: ${application.name}
    app.kubernetes.io/instance: ${application.name}
  ports:
    - name: http
      port: 80
      targetPort: http
    - { name: metrics, port: 9090, targetPort: metrics }
`;
}

function configMap(random: Random, application: Application): string {
  const lines = Array.from({ length: 60 + random(40) }, (_, line) =>
    line % 8 === 0
      ? `\nsection_${line}:`
      : `  option_${line}: ${pick(random, ['true', '30s', 'a text of some length', '"quoted"'])}`,
  );
  return `apiVersion: v1
kind: ConfigMap
${metadata(application)}data:
  log_level: info
  http_timeout: 30s
  config.yaml: |
${indent(lines.join('\n'), 4)}
  start.sh: |-
    #!/bin/sh
    set -eu
    for file in /etc/app/*.yaml; do
      echo "reading $file"
    done
    exec /bin/app "$@"
`;
}

function guards(application: Application): string {
  return `apiVersion: policy/v1
kind: PodDisruptionBudget
${metadata(application)}spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      app.kubernetes.io/name: ${application.name}
---
apiVersion: v1
kind: ServiceAccount
${metadata(application)}automountServiceAccountToken: false
`;
}

export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** Files of about this many bytes together, each with the objects of one application. */
export function* generateManifests(bytes: number, seed = 1): Generator<GeneratedFile> {
  const random = randomNumbers(seed);
  for (let index = 0, written = 0; written < bytes; index++) {
    const team = teams[random(teams.length)] ?? 'shop';
    const application: Application = {
      name: `${team}-${parts[random(parts.length)] ?? 'api'}-${index}`,
      namespace: `${team}-${random(5)}`,
      team,
      version: `1.${random(20)}.${random(10)}`,
      isReady: random(3) === 0,
    };
    const documents = [
      workload(random, application),
      service(application),
      configMap(random, application),
      guards(application),
    ];
    const text = documents.join('---\n');
    written += text.length;
    yield { path: `${application.namespace}/${application.name}.yaml`, text };
  }
}
