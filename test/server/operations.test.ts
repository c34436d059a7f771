import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kindsByResource, readReview } from '../../src/server/admission-review.ts';
import { compiledFor, start, type Running, type Verdict } from './harness.ts';
import { admissionReview, badPod, configMapReview, limited, pod } from './reviews.ts';

let server: Running;
beforeAll(async () => {
  server = await start();
});
afterAll(() => server.end());

const judged = (review: object, path?: string): Promise<Verdict> => server.judged(review, path);

describe('operations and subresources', () => {
  const deployment = (replicas: number): object => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', labels: { owner: 'web' } },
    spec: { replicas, template: { spec: { containers: [{ name: 'app', ...limited }] } } },
  });
  const apps = { group: 'apps', kind: 'Deployment', resource: 'deployments' };

  it('refuses an update only for what is new', async () => {
    const oldObject = deployment(1);
    const update = admissionReview({ ...apps, operation: 'UPDATE', object: deployment(1), oldObject });
    expect(await judged(update)).toMatchObject({ allowed: true });
    const object = { ...deployment(1), metadata: { name: 'web', labels: {} } };
    const warned = await judged(admissionReview({ ...apps, operation: 'UPDATE', object, oldObject }));
    expect(warned).toMatchObject({ allowed: true });
    expect(warned.warnings).toHaveLength(2);
    const worse = admissionReview({ ...apps, operation: 'UPDATE', object, oldObject: deployment(2) });
    expect(await judged(worse)).toMatchObject({ allowed: false });
  });

  it('judges kubectl scale as the Deployment that is scaled', async () => {
    const scale = (replicas: number): object => ({
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { replicas },
    });
    const review = admissionReview({
      group: 'autoscaling',
      kind: 'Scale',
      operation: 'UPDATE',
      subResource: 'scale',
      object: scale(1),
      oldObject: scale(3),
    });
    review.request['resource'] = { group: 'apps', version: 'v1', resource: 'deployments' };
    const { allowed, status } = await judged(review);
    expect(allowed).toBe(false);
    expect(status?.message).toContain(
      'refused Deployment shop/web: 1 finding\n- require-replicas: spec.replicas: ',
    );
  });

  it('judges debugging containers and resized ones', async () => {
    const before = pod();
    const debugged = {
      ...before,
      spec: { ephemeralContainers: [{ name: 'debug' }], containers: [{ name: 'app', ...limited }] },
    };
    const parts = { operation: 'UPDATE', oldObject: before };
    const debug = await judged(
      admissionReview({ ...parts, subResource: 'ephemeralcontainers', object: debugged }),
    );
    expect(debug.status?.message).toContain('spec.ephemeralContainers[debug]');
    const resize = await judged(admissionReview({ ...parts, subResource: 'resize', object: badPod() }));
    expect(resize.status?.message).toContain('refused Pod shop/web');
    const status = await judged(admissionReview({ ...parts, subResource: 'status', object: badPod() }));
    expect(status).toMatchObject({
      allowed: true,
      auditAnnotations: { skipped: 'status is written by controllers' },
    });
  });

  it('judges kubectl exec as a request to the Pod', async () => {
    const object = { apiVersion: 'v1', kind: 'PodExecOptions', command: ['sh'] };
    const review = admissionReview({
      kind: 'PodExecOptions',
      operation: 'CONNECT',
      subResource: 'exec',
      object,
    });
    const { allowed, status } = await judged(review);
    expect(allowed).toBe(false);
    expect(status?.message).toContain('Pod shop/web');
  });

  it('judges the object that goes on DELETE', async () => {
    const removal = (value: string): object => {
      const oldObject = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 's', annotations: { protected: value } },
      };
      return configMapReview({}, { operation: 'DELETE', object: null, oldObject });
    };
    expect(await judged(removal('yes'))).toMatchObject({ allowed: false });
    expect(await judged(removal('no'))).toMatchObject({ allowed: true });
  });

  it('calls an object that has no name yet by its prefix', async () => {
    const named = await judged(admissionReview({ object: badPod(), name: '' }));
    expect(named.status?.message).toContain('refused Pod shop/web: ');
    const object = { ...badPod(), metadata: { generateName: 'web-' } };
    const { status } = await judged(admissionReview({ object, name: '' }));
    expect(status?.message).toMatch(/^daygate \(profile production\) refused Pod shop\/web-: /);
  });

  it('sees no namespace on kinds that have none, as check does', () => {
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
    const review = admissionReview({ kind: 'Namespace', resource: 'namespaces', namespace: 'shop', object });
    const known = { profile: 'production', now: 0, facts: undefined };
    const read = readReview(Buffer.from(JSON.stringify(review)), kindsByResource(compiledFor()), known);
    expect(read.review).toMatchObject({ namespace: undefined, object });
  });

  it('lets kinds pass that nobody knows, and says so', async () => {
    const object = { apiVersion: 'example.org/v1', kind: 'Gadget', metadata: { name: 'g' } };
    const review = admissionReview({ group: 'example.org', kind: 'Gadget', resource: 'gadgets', object });
    const { allowed, auditAnnotations } = await judged(review);
    expect(allowed).toBe(true);
    expect(auditAnnotations?.['skipped']).toBe('no policy knows Gadget of example.org/v1');
  });
});
