import { customKind, list, property, text, type KubernetesObject, type Path } from '#sdk';

/** A resource of the NGINX Ingress Controller; what stands in it is looked at as it comes. */
export interface VirtualServer extends KubernetesObject {
  readonly spec?: unknown;
}

const nginx = { group: 'k8s.nginx.org', namespaced: true };

/** Source: https://docs.nginx.com/nginx-ingress-controller/configuration/virtualserver-and-virtualserverroute-resources/ */
export const virtualServerKinds = [
  customKind<VirtualServer>({
    ...nginx,
    versions: ['v1'],
    kind: 'VirtualServer',
    resource: 'virtualservers',
  }),
  customKind<VirtualServer>({
    ...nginx,
    versions: ['v1'],
    kind: 'VirtualServerRoute',
    resource: 'virtualserverroutes',
  }),
  customKind<VirtualServer>({
    ...nginx,
    versions: ['v1', 'v1alpha1'],
    kind: 'TransportServer',
    resource: 'transportservers',
  }),
] as const;

const ownFields = ['http-snippets', 'server-snippets', 'serverSnippets', 'streamSnippets'] as const;
const routeLists = ['routes', 'subroutes'] as const;

/** Where such a resource carries a snippet. An empty one writes nothing. Never throws. */
export function snippetFields({ spec }: VirtualServer): readonly Path[] {
  const found: Path[] = [];
  const look = (holder: unknown, field: string, ...path: Path): void => {
    if ((text(property(holder, field)) ?? '').trim() !== '') found.push(['spec', ...path, field]);
  };
  for (const field of ownFields) look(spec, field);
  for (const routes of routeLists) {
    list(property(spec, routes) as readonly unknown[] | undefined).forEach((route, index) => {
      look(route, 'location-snippets', routes, index);
    });
  }
  return found;
}
