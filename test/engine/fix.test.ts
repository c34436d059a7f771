import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { definePolicy } from '#sdk';
import { fixReview } from '../../src/engine/fix.ts';
import { compiled, pod, policies, review } from './compile-test-settings.ts';

const settings = { policies: { 'require-limit': { fix: true, params: { value: '1Gi' } } } } as const;
const bare = { name: 'app', image: 'app:1' };

describe('fixes', () => {
  it('contain the declared edits and nothing else', () => {
    const { patch, applied, object } = fixReview(
      compiled(settings),
      review(pod(bare, { ...bare, name: 'b', resources: {} })),
      'admission',
    );
    expect(applied).toEqual(['require-limit']);
    expect(patch.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      { op: 'add', path: '/spec/containers/0/resources', value: { limits: { memory: '1Gi' } } },
      { op: 'add', path: '/spec/containers/1/resources/limits', value: { memory: '1Gi' } },
    ]);
    expect(fixReview(compiled(settings), review(object), 'admission').patch).toEqual([]);
  });

  it('apply in the order of the containers, whatever the order of the policies', () => {
    const wants = (field: 'workingDir' | 'imagePullPolicy') =>
      definePolicy({
        id: `require-${field.toLowerCase()}`, category: 'labels', title: 'x', severity: 'low', target: 'container', profiles: { production: 'deny' },
        params: z.strictObject({}), messages: { missing: 'No.' }, why: '', remediation: '', references: [],
        validate: ({ container, at }, { report }) => {
          if (container[field] === undefined) report({ message: 'missing', at: at(field) });
        },
        fix: { safety: 'safe', resolves: ['missing'], apply: (container) => void (container[field] = 'x') },
      }); // prettier-ignore
    const library = [wants('workingDir'), wants('imagePullPolicy')];
    const object = pod({ ...bare, workingDir: '/' }, { ...bare, name: 'b', imagePullPolicy: 'Always' });
    const { patch } = fixReview(compiled({}, {}, library), review(object), 'all');
    expect(patch.map(({ path }) => path)).toEqual([
      '/spec/containers/0/imagePullPolicy',
      '/spec/containers/1/workingDir',
    ]);
  });

  it('leave the input as it was', () => {
    const object = pod(bare);
    const before = structuredClone(object);
    fixReview(compiled(settings), review(object), 'admission');
    expect(object).toEqual(before);
  });

  it('run at admission only where the settings say so, and only on Pods that are made', () => {
    const withValue = { policies: { 'require-limit': { params: { value: '1Gi' } } } };
    expect(fixReview(compiled(withValue), review(pod(bare)), 'admission').patch).toEqual([]);
    expect(fixReview(compiled(withValue), review(pod(bare)), 'all').patch.length).toBe(1);
    expect(
      fixReview(compiled(settings), review(pod(bare), { operation: 'UPDATE' }), 'admission').patch,
    ).toEqual([]);
    const spec = { template: { spec: { containers: [bare] } } };
    const workload = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec };
    expect(fixReview(compiled(settings), review(workload), 'admission').patch).toEqual([]);
    expect(fixReview(compiled(settings), review(workload), 'all').patch.length).toBe(1);
  });

  it('that do not resolve their finding are dropped and named', () => {
    const broken = (id: string, apply: (draft: object) => void) =>
      definePolicy({
        id, category: 'labels', title: 'x', severity: 'low', target: 'object', kinds: ['Pod'], profiles: { production: 'deny' },
        params: z.strictObject({}), messages: { never: 'No.' }, why: '', remediation: '', references: [],
        validate: ({ at }, { report }) => report({ message: 'never', at: at('metadata') }),
        fix: { safety: 'safe', resolves: ['never'], apply },
      }); // prettier-ignore
    const library = [
      broken('forbid-a', () => undefined),
      broken('forbid-b', () => {
        throw new TypeError('x');
      }),
      ...policies,
    ];
    const on = { policies: { ...settings.policies, 'forbid-a': { fix: true }, 'forbid-b': { fix: true } } };
    const { patch, dropped } = fixReview(compiled(on, {}, library), review(pod(bare)), 'admission');
    expect(patch.length).toBe(1);
    expect(dropped).toEqual([
      { policy: 'forbid-a', reason: 'its fix did not resolve the finding' },
      {
        policy: 'forbid-b',
        reason: expect.stringMatching(/^its fix failed with TypeError at fix\.test\.ts:\d+:\d+$/) as string,
      },
    ]);
  });

  it('of one container do not wait for another that has nothing right to write', () => {
    const picky = definePolicy({
      id: 'require-picky', category: 'labels', title: 'x', severity: 'low', target: 'container', profiles: { production: 'deny' },
      params: z.strictObject({}), messages: { tty: '{container}.' }, why: '', remediation: '', references: [],
      validate({ container, at }, { report }) {
        if (container.tty !== true) report({ message: 'tty', at: at('tty') });
      },
      fix: {
        safety: 'safe', resolves: ['tty'],
        apply(draft) {
          if (draft.name !== 'odd') draft.tty = true;
        },
      },
    }); // prettier-ignore
    const on = { policies: { 'require-picky': { fix: true } } };
    const { patch, applied, dropped } = fixReview(
      compiled(on, {}, [picky]),
      review(pod({ ...bare, name: 'odd' }, bare)),
      'admission',
    );
    expect(patch).toEqual([{ op: 'add', path: '/spec/containers/1/tty', value: true }]);
    expect(applied).toEqual(['require-picky']);
    expect(dropped).toEqual([{ policy: 'require-picky', reason: 'its fix did not resolve the finding' }]);
  });

  it('that make room for others are followed by them', () => {
    const step = (id: string, field: 'tty' | 'stdin', after?: 'tty') =>
      definePolicy({
        id, category: 'labels', title: 'x', severity: 'low', target: 'container', profiles: { production: 'deny' },
        params: z.strictObject({}), messages: { unset: '{container}.' }, why: '', remediation: '', references: [],
        validate({ container, at }, { report }) {
          if (after !== undefined && container[after] !== true) return;
          if (container[field] !== true) report({ message: 'unset', at: at(field) });
        },
        fix: { safety: 'safe', resolves: ['unset'], apply: (draft) => { draft[field] = true; } },
      }); // prettier-ignore
    const library = [step('require-second', 'stdin', 'tty'), step('require-first', 'tty')];
    const on = { policies: { 'require-first': { fix: true }, 'require-second': { fix: true } } };
    const { applied, object } = fixReview(compiled(on, {}, library), review(pod(bare)), 'admission');
    expect(applied).toEqual(['require-first', 'require-second']);
    expect(object).toMatchObject({ spec: { containers: [{ tty: true, stdin: true }] } });
  });
});
