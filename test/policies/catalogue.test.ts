import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/policies.md'), 'utf8');

describe('docs/policies.md', () => {
  it('lists every policy once, in its category, with what each profile does', () => {
    const listed = page.split(/^## /m).flatMap((section) => {
      const category = section.slice(0, section.indexOf('\n')).trim().toLowerCase();
      return [...section.matchAll(/^\| \[`?([a-z-]+)`?\]/gm)].map(([, id]) => `${category}/${id}`);
    });
    expect(listed.toSorted()).toEqual(policies.map(({ category, id }) => `${category}/${id}`).toSorted());
    expect(listed.length).toBe(new Set(listed).size);
  });
});
