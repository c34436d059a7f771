/** Links from page to page lead somewhere, and every page of decisions is in their index. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const pages = globSync(['README.md', 'docs/**/*.md', 'deploy/**/*.md', 'policies/*/*/README.md'], {
  cwd: root,
});

/** As GitHub and GitLab name headings in addresses. */
function anchorsOf(file: string): ReadonlySet<string> {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function brokenLinks(page: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]+?^```$/gm, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? join(root, page) : join(root, dirname(page), path);
    if (!existsSync(file)) return [target];
    return anchor === undefined || anchorsOf(file).has(anchor) ? [] : [target];
  });
}

it.each(pages)('%s links to what there is', (page) => {
  expect(brokenLinks(page)).toEqual([]);
});

/** No registry has daygate: these would fetch a package of somebody else. A checkout runs its own. */
it.each(pages.filter((page) => page !== 'README.md'))('%s fetches no daygate from a registry', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  expect(text.match(/npx daygate [a-z-].*|npm (?:install|i)\b[^#\n]* daygate(?![-.\w]).*/g) ?? []).toEqual(
    [],
  );
});

describe('the index of decisions', () => {
  it('has every page', () => {
    const folder = join(root, 'docs/decisions');
    const index = readFileSync(join(folder, 'README.md'), 'utf8');
    const linked = [...index.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name]) => name);
    const others = globSync('*.md', { cwd: folder }).filter((name) => name !== 'README.md');
    expect(linked.toSorted()).toEqual(others.map((file) => relative('.', file)).toSorted());
  });
});
