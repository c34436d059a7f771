import { describe, expect, it } from 'vitest';
import { parseCalicoSelector } from '../../policies/network/require-network-policy/calico-selector.ts';

const labels: Readonly<Record<string, string>> = { app: 'web', 'example.com/tier': 'front-end' };

/** Nobody knows whether there is a label `unknown`. */
function lookup(key: string): string | null | undefined {
  return key === 'unknown' ? undefined : (labels[key] ?? null);
}

describe('a selector of Calico', () => {
  it.each([
    ['', true],
    ['all()', true],
    [' all ( ) ', true],
    ['global()', false],
    ['app == "web"', true],
    ["app=='web'", true],
    ['app == "cart"', false],
    ['app != "cart"', true],
    ['other != "cart"', true],
    ['has(app)', true],
    ['has( other )', false],
    ['!has(other)', true],
    ['app in {"cart", \'web\'}', true],
    ['app in {}', false],
    ['app not in {"cart"}', true],
    ['other not in {"cart"}', true],
    ['other in {"cart"}', false],
    ['example.com/tier starts with "front"', true],
    ['example.com/tier ends with "front"', false],
    ['example.com/tier contains "t-e"', true],
    ['has(app) && has(other) || all()', true],
    ['has(app) && (has(other) || all())', true],
    ['has(other) && (has(app) || all())', false],
    ['!(has(app) && all())', false],
    ['!!all()', true],
    ['has(unknown)', undefined],
    ['unknown != "a"', undefined],
    ['has(unknown) && has(other)', false],
    ['has(other) && has(unknown)', false],
    ['has(unknown) && has(app)', undefined],
    ['has(unknown) || has(app)', true],
    ['has(other) || has(unknown)', undefined],
  ])('%s selects: %s', (expression, selects) => {
    expect(parseCalicoSelector(expression)?.(lookup)).toBe(selects);
    expect(parseCalicoSelector(expression)).toBeDefined();
  });

  it.each([
    'app',
    'app = "web"',
    'app == web',
    'app == "web',
    'app == "web" &&',
    '&& all()',
    'all() all()',
    '(all()',
    'all())',
    'app in "web"',
    'app in {"web"',
    'app not {"web"}',
    'app starts "web"',
    'has()',
    `${'('.repeat(100_000)}all()`,
    '!'.repeat(100_000),
  ])('%s is none', (expression) => {
    expect(parseCalicoSelector(expression)).toBeUndefined();
  });
});
