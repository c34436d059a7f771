import { dirname, join } from 'node:path';

export function etcdArgs(directory: string, url: string): readonly string[] {
  // No second member ever joins: any free port will do for it.
  const peerUrl = 'http://127.0.0.1:0';
  return [
    `--data-dir=${join(directory, 'etcd')}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

interface ApiServerFiles {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly publicFile: string;
  readonly privateFile: string;
  readonly auditPolicyFile: string;
  readonly auditLogFile: string;
  readonly etcdUrl: string;
  readonly port: number;
  readonly controllers: boolean;
}

export function apiServerArgs(files: ApiServerFiles): readonly string[] {
  return [
    `--etcd-servers=${files.etcdUrl}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${files.port}`,
    '--advertise-address=127.0.0.1',
    // An Endpoints object must not hold a loopback address, so the server cannot publish its own.
    '--endpoint-reconciler-type=none',
    `--cert-dir=${dirname(files.certFile)}`,
    `--tls-cert-file=${files.certFile}`,
    `--tls-private-key-file=${files.keyFile}`,
    `--client-ca-file=${files.caFile}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${files.publicFile}`,
    `--service-account-signing-key-file=${files.privateFile}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--authorization-mode=RBAC',
    // Otherwise the server itself refuses privileged containers, before any policy sees them.
    '--allow-privileged=true',
    `--audit-policy-file=${files.auditPolicyFile}`,
    `--audit-log-path=${files.auditLogFile}`,
    '--profiling=false',
    // Nobody makes the default service accounts that this plugin demands of every pod.
    ...(files.controllers ? [] : ['--disable-admission-plugins=ServiceAccount']),
  ];
}

interface ControllerManagerFiles {
  readonly kubeconfig: string;
  readonly caFile: string;
  readonly privateFile: string;
}

export function controllerManagerArgs(files: ControllerManagerFiles): readonly string[] {
  return [
    `--kubeconfig=${files.kubeconfig}`,
    // Each controller asks as system:serviceaccount:kube-system:<controller>, as in most real clusters.
    '--use-service-account-credentials',
    `--service-account-private-key-file=${files.privateFile}`,
    `--root-ca-file=${files.caFile}`,
    // There are no nodes, volumes or cloud to control.
    '--controllers=*,-node-ipam-controller,-node-lifecycle-controller,-persistentvolume-attach-detach-controller',
    '--leader-elect=false',
    '--secure-port=0',
    // The default of 20 requests a second makes a test wait for a Deployment of some pods.
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
    '--profiling=false',
  ];
}
