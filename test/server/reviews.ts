/** AdmissionReviews as the API server writes them. */

interface ReviewParts {
  readonly uid?: string;
  readonly operation?: string;
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly resource?: string;
  readonly subResource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly username?: string;
  readonly dryRun?: boolean;
  readonly object?: unknown;
  readonly oldObject?: unknown;
}

export function admissionReview(
  parts: ReviewParts = {},
): { request: Record<string, unknown> } & Record<string, unknown> {
  const { group = '', version = 'v1', kind = 'Pod', resource = 'pods' } = parts;
  const operation = parts.operation ?? 'CREATE';
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: parts.uid ?? '705ab4f5-6393-11e8-b7cc-42010a800002',
      kind: { group, version, kind },
      resource: { group, version, resource },
      ...(parts.subResource === undefined ? {} : { subResource: parts.subResource }),
      requestKind: { group, version, kind },
      requestResource: { group, version, resource },
      name: parts.name ?? 'web',
      namespace: parts.namespace ?? 'shop',
      operation,
      userInfo: {
        username: parts.username ?? 'jane',
        uid: '1',
        groups: ['system:authenticated'],
        extra: { a: ['b'] },
      },
      object: 'object' in parts ? parts.object : pod(),
      oldObject: 'oldObject' in parts ? parts.oldObject : null,
      dryRun: parts.dryRun ?? false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1', fieldManager: 'kubectl' },
    },
  };
}

export const limited = { resources: { limits: { memory: '256Mi' } } };

export function pod(
  containers: readonly object[] = [{ name: 'app', image: 'web:1.0', ...limited }],
  metadata: object = {},
): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'shop', labels: { owner: 'web' }, ...metadata },
    spec: { containers },
  };
}

export const badPod = (): object => pod([{ name: 'app', image: 'web:1.0' }]);

export function configMapReview(
  metadata: object,
  more: ReviewParts & { readonly data?: object } = {},
): object {
  const { data, ...parts } = more;
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'shop', ...metadata },
    ...(data === undefined ? {} : { data }),
  };
  return admissionReview({ kind: 'ConfigMap', resource: 'configmaps', name: 'settings', object, ...parts });
}

export function widgetReview(names: readonly unknown[], parts: ReviewParts = {}): object {
  const object = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, names };
  return admissionReview({
    group: 'example.com',
    kind: 'Widget',
    resource: 'widgets',
    name: 'w',
    object,
    ...parts,
  });
}
