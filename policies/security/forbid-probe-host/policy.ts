import { definePolicy, text, type HTTPGetAction, type Path, type TCPSocketAction } from '#sdk';
import { z } from 'zod';

/** The standard has the control since 1.34. */
const minorWithControl = 34;
const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const hooks = ['postStart', 'preStop'] as const;
const actions = ['httpGet', 'tcpSocket'] as const;

/** What a probe and a hook have in common here. */
interface Handler {
  readonly httpGet?: HTTPGetAction | null;
  readonly tcpSocket?: TCPSocketAction | null;
}
type DraftHandler = { -readonly [K in keyof Handler]: { host?: string | null } | null };

export default definePolicy({
  id: 'forbid-probe-host',
  category: 'security',
  title: 'Forbid hosts in probes and lifecycle hooks',
  severity: 'medium',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { baseline: 'deny', 'pss-baseline': 'deny' },
  params: z.strictObject({}),
  messages: { host: 'The {handler} of {container} goes to {host} instead of the pod.' },
  why: 'Probes and hooks are sent by the kubelet: with a host of their own they make it call addresses that the pod itself may not reach, past every NetworkPolicy, and a probe that asks something else says nothing about the container.',
  remediation:
    'Remove host, so that the address of the pod is used; a name that the server needs goes into httpHeaders as Host.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#http-probes',
  ],
  controls: ['Pod Security Standards: Host Probes / Lifecycle Hooks (Baseline)'],
  validate({ container, pod, at }, { report }) {
    if (pod.workload.kubernetesMinor < minorWithControl) return;
    const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
    const judge = (handler: Handler | null | undefined, named: string, ...place: Path): void => {
      if (handler == null) return;
      for (const action of actions) {
        const host = handler[action]?.host;
        if (host == null || host === '') continue;
        const data = { handler: named, host: text(host) ?? 'another host' };
        report({ message: 'host', at: at(...place, action, 'host'), data });
      }
    };
    judge(livenessProbe, 'livenessProbe', 'livenessProbe');
    judge(readinessProbe, 'readinessProbe', 'readinessProbe');
    judge(startupProbe, 'startupProbe', 'startupProbe');
    if (lifecycle == null) return;
    judge(lifecycle.postStart, 'postStart hook', 'lifecycle', 'postStart');
    judge(lifecycle.preStop, 'preStop hook', 'lifecycle', 'preStop');
  },
  fix: {
    safety: 'safe',
    resolves: ['host'],
    apply(container) {
      for (const name of probes) removeHosts(container[name]);
      for (const name of hooks) removeHosts(container.lifecycle?.[name]);
    },
  },
});

function removeHosts(handler: DraftHandler | null | undefined): void {
  for (const name of actions) {
    const action = handler?.[name];
    if (action?.host != null && action.host !== '') delete action.host;
  }
}
