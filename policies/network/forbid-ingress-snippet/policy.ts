import { definePolicy, entries, list, property, text, type Path, type PodSubject } from '#sdk';
import { z } from 'zod';
import { snippetFields, virtualServerKinds } from './virtual-servers.ts';

/** What the controllers for HAProxy copy from Services, too; those for nginx read none of their annotations. */
const serviceSnippets: ReadonlySet<string> = new Set([
  // HAProxy Ingress
  ...['haproxy-ingress.github.io', 'ingress.kubernetes.io'].map((prefix) => `${prefix}/config-backend`),
  // HAProxy Kubernetes Ingress Controller
  ...['haproxy.org', 'haproxy.com', 'ingress.kubernetes.io'].map(
    (prefix) => `${prefix}/backend-config-snippet`,
  ),
]);

/** The part of the controller's configuration that is copied as it stands, by the prefix its annotations have. */
const snippets: ReadonlySet<string> = new Set([
  // ingress-nginx, under its old prefix too
  ...['nginx.ingress.kubernetes.io', 'ingress.kubernetes.io'].flatMap((prefix) =>
    ['configuration', 'server', 'auth', 'stream', 'modsecurity'].map((part) => `${prefix}/${part}-snippet`),
  ),
  // NGINX Ingress Controller
  'nginx.org/server-snippets',
  'nginx.org/location-snippets',
  // HAProxy Ingress
  ...['haproxy-ingress.github.io', 'ingress.kubernetes.io'].map((prefix) => `${prefix}/config-tcp-service`),
  ...serviceSnippets,
]);

const nginxSwitch = 'allow-snippet-annotations';
/** What Go reads as true. */
const yes = /^(?:1|t|true)$/i;
/** Flag of the NGINX Ingress Controller: https://docs.nginx.com/nginx-ingress-controller/ */
const nginxFlag = /^--?enable-snippets(?:=(?:1|t|true))?$/i;

export default definePolicy({
  id: 'forbid-ingress-snippet',
  category: 'network',
  title: 'Forbid configuration snippets in Ingresses',
  severity: 'critical',
  target: 'object',
  kinds: ['Ingress', 'Service', 'ConfigMap', 'Workload', ...virtualServerKinds],
  profiles: { baseline: 'deny' },
  params: z.strictObject({
    annotations: z
      .array(z.string().min(1))
      .default([])
      .describe('Further annotations that carry snippets, such as those under a prefix of your own'),
  }),
  messages: {
    snippet: 'The annotation {annotation} of {kind} {name} writes into the configuration of the proxy.',
    field: 'The {field} of {kind} {name} write into the configuration of the proxy.',
    switch: 'The ConfigMap {name} lets every Ingress write into the configuration of the proxy.',
    flag: 'A container of {kind} {name} lets every Ingress write into the configuration of the proxy.',
  },
  why: 'A snippet runs in the proxy that all namespaces share: it reads their certificates, their traffic and the service account of the controller (CVE-2021-25742).',
  remediation: {
    snippet: 'Take the annotation out, and use the annotations that the controller has for what is needed.',
    field: 'Take the field out, and use the fields and Policies that the controller has for what is needed.',
    switch: 'Set allow-snippet-annotations to "false".',
    flag: 'Take the argument enable-snippets out.',
  },
  references: [
    'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#allow-snippet-annotations',
    'https://docs.nginx.com/nginx-ingress-controller/configuration/ingress-resources/advanced-configuration-with-snippets/',
    'https://github.com/kubernetes/ingress-nginx/issues/7837',
  ],
  validate({ object, kind, pod, at }, { params, report }) {
    if (pod !== undefined) {
      const place = flagPlace(pod);
      if (place !== undefined) report({ message: 'flag', at: place });
      return;
    }
    if (kind.group === virtualServerKinds[0].group) {
      for (const path of snippetFields(object)) {
        report({ message: 'field', at: at(...path), data: { field: String(path.at(-1)) } });
      }
      return;
    }
    if (kind.kind === 'ConfigMap') {
      const value = text(property(property(object, 'data'), nginxSwitch));
      if (value !== undefined && yes.test(value)) report({ message: 'switch', at: at('data', nginxSwitch) });
      return;
    }
    const known = kind.kind === 'Service' ? serviceSnippets : snippets;
    for (const [annotation, value] of entries(object.metadata?.annotations)) {
      if (!known.has(annotation) && !params.annotations.includes(annotation)) continue;
      // An empty one writes nothing.
      if (typeof value !== 'string' || value.trim() === '') continue;
      report({ message: 'snippet', at: at('metadata', 'annotations', annotation), data: { annotation } });
    }
  },
});

function flagPlace({ containers }: PodSubject): Path | undefined {
  for (const { container, at } of containers) {
    if (!/nginx/i.test(text(container.image) ?? '')) continue;
    for (const field of ['args', 'command'] as const) {
      const index = list(container[field]).findIndex(
        (arg: unknown) => typeof arg === 'string' && nginxFlag.test(arg),
      );
      if (index !== -1) return at(field, index);
    }
  }
  return undefined;
}
