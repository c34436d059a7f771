import { describe, expect, it } from 'vitest';
import type { Review } from '../../src/engine/review.ts';
import { readReview } from '../../src/server/admission-review.ts';
import { admissionReview } from './reviews.ts';

const known = { profile: 'production', now: 0 };

function reviewOf(change: Readonly<Record<string, unknown>>): Review {
  const envelope = admissionReview();
  const body = { ...envelope, request: { ...envelope.request, ...change } };
  return readReview(Buffer.from(JSON.stringify(body)), new Map(), known).review;
}

const writtenVersion = (change: Readonly<Record<string, unknown>>) => reviewOf(change).writtenVersion;

describe('who asks', () => {
  it('is told to policies by name, uid and groups', () => {
    const extra = { 'authentication.kubernetes.io/pod-name': ['x'] };
    const userInfo = { username: 'jane', uid: '42', groups: ['developers'], extra };
    expect(reviewOf({ userInfo }).user).toEqual({ username: 'jane', uid: '42', groups: ['developers'] });
    expect(reviewOf({ userInfo: { username: 'jane' } }).user).toEqual({ username: 'jane', groups: [] });
  });
});

describe('the version a request was written in', () => {
  it('is that of requestKind, before the API server converted the object', () => {
    const requestKind = { group: 'policy', version: 'v1beta1', kind: 'PodDisruptionBudget' };
    expect(writtenVersion({ requestKind })).toBe('policy/v1beta1');
  });

  it('is unknown where an API server does not say it, and for subresources', () => {
    expect(writtenVersion({ requestKind: undefined })).toBeUndefined();
    expect(writtenVersion({ subResource: 'resize' })).toBeUndefined();
  });
});
