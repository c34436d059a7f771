/** An object with more findings than a server looks for, which would take its memory and its time. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start, type Running } from './harness.ts';
import { admissionReview, pod } from './reviews.ts';

let server: Running;
beforeAll(async () => {
  server = await start({
    settings: { enforcement: { default: 'enforce', namespaces: { sandbox: 'observe' } } },
    limits: { findings: 20 },
  });
});
afterAll(() => server.end());

const withContainers = (count: number): object =>
  pod(Array.from({ length: count }, (_, index) => ({ name: `c${index}` })));

describe('an object with more findings than are looked for', () => {
  it('is refused by those that were found', async () => {
    const { allowed, status } = await server.judged(admissionReview({ object: withContainers(50) }));
    expect(allowed).toBe(false);
    expect(status?.message).toContain('refused Pod shop/web: 20 findings and more');
    expect(status?.details.causes).toHaveLength(20);
  });

  it('gets no verdict where none of these refuses, since the next one might', async () => {
    const review = admissionReview({ uid: 'many', object: withContainers(50) });
    const { status, json } = await server.review(review, '/validate/baseline');
    expect(status).toBe(413);
    expect(json().message).toBe(
      'daygate: the object has more than 20 findings, and not all policies have looked at it',
    );
    expect(json().details).toEqual({ uid: 'many' });
    expect(await server.metric('daygate_rejected_requests_total{reason="too-large"}')).toBe(1);
  });

  it('is allowed where nothing is refused', async () => {
    const review = admissionReview({ namespace: 'sandbox', object: withContainers(50) });
    expect(await server.judged(review)).toMatchObject({ allowed: true });
  });

  it('is none with just as many', async () => {
    const review = admissionReview({ object: withContainers(20) });
    expect(await server.judged(review, '/validate/baseline')).toMatchObject({ allowed: true });
  });
});
