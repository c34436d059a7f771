/** Lines and columns of findings, held against a table that people wrote: golden-positions/positions.txt. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkText } from './run-check.ts';

const folder = join(import.meta.dirname, 'golden-positions');
const only = [
  'forbid-host-namespaces',
  'forbid-latest-tag',
  'forbid-privileged',
  'require-liveness-probe',
  'require-memory-limit',
  'require-replicas',
];

/** The rows of the table below the name of their file. */
const expected = new Map(
  readFileSync(join(folder, 'positions.txt'), 'utf8')
    .split('\n\n')
    .slice(1)
    .map((block) => block.trim().split('\n'))
    .map(([file = '', ...rows]) => [file, rows]),
);

async function positions(text: string): Promise<readonly string[]> {
  const { json } = await checkText(text, { only });
  expect(json.errors).toEqual([]);
  return json.findings.map(
    ({ line, column, policy, locator }) => `${`${line}:${column}`.padEnd(8)}${policy.padEnd(25)}${locator}`,
  );
}

describe('findings are shown where people look for them, in', () => {
  test.each([...expected])('%s', async (file, rows) => {
    const text = readFileSync(join(folder, file), 'utf8');
    expect((await positions(text)).toSorted()).toEqual(rows.toSorted());
    expect((await positions(text.replaceAll('\n', '\r\n'))).toSorted()).toEqual(rows.toSorted());
  });
});

test('the table is about every file, and long', () => {
  const files = readdirSync(folder).filter((file) => file !== 'positions.txt');
  expect([...expected.keys()].toSorted()).toEqual(files.toSorted());
  expect([...expected.values()].flat().length).toBeGreaterThanOrEqual(80);
});
