import { compareTexts } from '../engine/order.ts';

const form = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const ranks: Readonly<Record<string, number>> = { alpha: 0, beta: 1 };

/** API versions as Kubernetes ranks them: v2, v1, v1beta2, v1beta1, v1alpha1; others last, by name. */
export function newestFirst(versions: readonly string[]): readonly string[] {
  return versions.toSorted((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    if (left === undefined || right === undefined)
      return Number(left === undefined) - Number(right === undefined) || compareTexts(a, b);
    const index = left.findIndex((number, at) => number !== right[at]);
    return index === -1 ? 0 : (right[index] ?? 0) - (left[index] ?? 0);
  });
}

function rank(version: string): readonly number[] | undefined {
  const [, major, stage = '', minor] = form.exec(version) ?? [];
  return major === undefined ? undefined : [ranks[stage] ?? 2, Number(major), Number(minor ?? 0)];
}
