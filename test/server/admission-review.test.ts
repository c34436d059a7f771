import { describe, expect, it } from 'vitest';
import { readReview } from '../../src/server/admission-review.ts';
import { admissionReview } from './reviews.ts';

const known = { profile: 'production', now: 0 };

function writtenVersion(change: Readonly<Record<string, unknown>>): string | undefined {
  const envelope = admissionReview();
  const body = { ...envelope, request: { ...envelope.request, ...change } };
  return readReview(Buffer.from(JSON.stringify(body)), new Map(), known).review.writtenVersion;
}

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
