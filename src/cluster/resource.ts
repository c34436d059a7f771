/** Which kind of object, as the API server's paths name it. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** The plural, such as `secrets`. */
  readonly resource: string;
}

/** One object. */
export interface ObjectRef extends Resource {
  /** Absent for what belongs to no namespace. */
  readonly namespace?: string;
  readonly name: string;
}

export const secrets: Resource = { group: '', version: 'v1', resource: 'secrets' };

const admission = { group: 'admissionregistration.k8s.io', version: 'v1' };
export const validatingWebhookConfigurations: Resource = {
  ...admission,
  resource: 'validatingwebhookconfigurations',
};
export const mutatingWebhookConfigurations: Resource = {
  ...admission,
  resource: 'mutatingwebhookconfigurations',
};
/** What registers daygate's webhooks. */
export const webhookConfigurations = [validatingWebhookConfigurations, mutatingWebhookConfigurations];

/** The path of an object, or of all of them where no name is given. */
export function pathOf({
  group,
  version,
  resource,
  namespace,
  name,
}: Resource & Partial<Pick<ObjectRef, 'namespace' | 'name'>>): string {
  const parts = [
    ...(group === '' ? ['api', version] : ['apis', group, version]),
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    resource,
    ...(name === undefined ? [] : [name]),
  ];
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

/** How messages name it: `secrets "daygate-tls" in namespace daygate-system`. */
export function nameOf({
  group,
  resource,
  namespace,
  name,
}: Resource & Partial<Pick<ObjectRef, 'namespace' | 'name'>>): string {
  const kind = group === '' ? resource : `${resource}.${group}`;
  return `${kind}${name === undefined ? '' : ` "${name}"`}${namespace === undefined ? '' : ` in namespace ${namespace}`}`;
}
