import { apply } from 'mutative';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start, type Running, type Verdict } from './harness.ts';
import { admissionReview, badPod, configMapReview, pod } from './reviews.ts';

let server: Running;
beforeAll(async () => {
  server = await start({
    settings: {
      profiles: {
        fixing: {
          extends: 'restricted',
          policies: {
            'require-memory': { fix: true, params: { default: '256Mi' } },
            'broken-fix': { fix: true },
            'long-fix': { fix: true },
          },
        },
      },
    },
  });
});
afterAll(() => server.end());

const judged = (review: object, path?: string): Promise<Verdict> => server.judged(review, path);

describe('a mutating webhook', () => {
  const mutate = '/mutate/fixing?timeout=10s';

  it('sends the fixes and allows', async () => {
    const object = badPod();
    const { allowed, patch, patchType, auditAnnotations } = await judged(admissionReview({ object }), mutate);
    expect({ allowed, patchType }).toEqual({ allowed: true, patchType: 'JSONPatch' });
    const operations = JSON.parse(Buffer.from(patch ?? '', 'base64').toString()) as {
      op: 'add';
      path: string;
      value: unknown;
    }[];
    expect(operations).toEqual([
      { op: 'add', path: '/spec/containers/0/resources', value: { limits: { memory: '256Mi' } } },
    ]);
    const fixed = apply(
      object,
      operations.map(({ path, ...rest }) => ({
        ...rest,
        path: path
          .slice(1)
          .split('/')
          .map((step) => (/^\d+$/.test(step) ? Number(step) : step)),
      })),
    );
    expect(await judged(admissionReview({ object: fixed }))).toMatchObject({ allowed: true });
    expect(auditAnnotations).toEqual({ fixes: 'require-memory' });
    expect(await server.metric('daygate_fixes_total{policy="require-memory",result="applied"}')).toBe(1);
  });

  it('says nothing where nothing is to be fixed, and refuses nothing', async () => {
    expect(await judged(admissionReview(), mutate)).toEqual({
      uid: expect.any(String) as string,
      allowed: true,
    });
    const refused = admissionReview({
      object: pod([{ name: 'app' }]),
      operation: 'UPDATE',
      oldObject: pod(),
    });
    expect(await judged(refused, mutate)).toEqual({ uid: expect.any(String) as string, allowed: true });
  });

  it('leaves out a fix that does not hold what it promises, with a warning', async () => {
    const { allowed, patch, warnings, auditAnnotations } = await judged(
      configMapReview({ labels: { bad: 'yes' } }),
      mutate,
    );
    expect({ allowed, patch }).toEqual({ allowed: true, patch: undefined });
    expect(warnings).toEqual([
      'daygate: the fix of broken-fix was left out: its fix did not resolve the finding',
    ]);
    expect(auditAnnotations).toEqual({ 'fixes-dropped': 'broken-fix: its fix did not resolve the finding' });
    expect(await server.metric('daygate_fixes_total{policy="broken-fix",result="dropped"}')).toBe(1);
  });

  it('leaves out a patch that is too long', async () => {
    const { allowed, patch, warnings, auditAnnotations } = await judged(
      configMapReview({}, { data: { long: '' } }),
      mutate,
    );
    expect({ allowed, patch }).toEqual({ allowed: true, patch: undefined });
    expect(warnings).toEqual([
      'daygate: the fix of long-fix was left out: the patch is longer than 524288 bytes',
    ]);
    // What was left out is not told as applied.
    expect(auditAnnotations).toEqual({
      'fixes-dropped': 'long-fix: the patch is longer than 524288 bytes',
    });
  });
});
