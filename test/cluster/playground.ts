/** A real API server with daygate in front of it, to try things on: `npm run playground`. Ends with Ctrl-C. */
import { once } from 'node:events';
import { dirname } from 'node:path';
import { findBinaries } from './binaries.ts';
import { startControlPlane } from './control-plane.ts';
import { startDaygate } from './daygate-process.ts';

const settingsFile = process.argv[2];

console.error('Starting etcd, kube-apiserver and kube-controller-manager …');
const cluster = await startControlPlane();
const daygate = await startDaygate({ settingsFile });
await daygate.register(cluster);
await cluster.kubectl(['create', 'namespace', 'shop']);
const { kubectl } = await findBinaries(['kubectl']);
console.log(`
A Kubernetes API server is running, and asks daygate at ${daygate.url} about every change.
No node runs: pods stay Pending. Settings: ${settingsFile ?? 'the defaults (npm run playground -- FILE for others)'}

  export PATH="$PATH:${dirname(kubectl)}"   # its kubectl, where you have none
  export KUBECONFIG=${cluster.kubeconfig}
  kubectl apply -f examples/first-draft.yaml
  kubectl apply -f examples/ready.yaml
  kubectl label namespace shop daygate.dev/profile=baseline

Ctrl-C ends it and leaves nothing behind.`);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await daygate.stop();
await cluster.stop();
