import { describe, expect, it } from 'vitest';
import { inFolder, runCheck, type JsonOutput } from './run-check.ts';

/** More than a call of a function takes arguments. */
const many = 130_000;

function listOf(item: string): string {
  return `{"apiVersion":"v1","kind":"List","items":[${new Array(many).fill(item).join(',')}]}`;
}

async function checkFile(name: string, content: string): Promise<{ code: number; json: JsonOutput }> {
  return await inFolder({ [name]: content }, async (folder) => {
    const { code, out } = await runCheck([folder], {
      output: ['json'],
      only: ['forbid-secret-in-config-map'],
    });
    return { code, json: JSON.parse(out) as JsonOutput };
  });
}

describe('a file of a hundred thousand', { timeout: 60_000 }, () => {
  it('objects is judged', async () => {
    const config = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}';
    const { code, json } = await checkFile('objects.json', listOf(config));
    expect(json.coverage).toMatchObject({ files: 1, objects: many });
    expect([code, json.errors]).toEqual([0, []]);
  });

  it('items that are no objects is told one by one', async () => {
    const { code, json } = await checkFile('numbers.json', listOf('1'));
    expect([code, json.errors.length]).toEqual([2, many]);
  });
});

describe('a pod of hundreds of containers', () => {
  it('gets all its findings, and suggestions for the first hundred', async () => {
    const container = (index: number): string =>
      `{"name":"c${index}","image":"web:1","env":[{"name":"A","value":"1"},{"name":"A","value":"2"}]}`;
    const containers = Array.from({ length: 300 }, (_, index) => container(index)).join(',');
    const pod = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[${containers}]}}`;
    await inFolder({ 'pod.json': pod }, async (folder) => {
      const { out } = await runCheck([folder], { output: ['json'], only: ['forbid-duplicate-env'] });
      const { findings } = JSON.parse(out) as JsonOutput;
      expect(findings.length).toBe(300);
      expect(findings.filter(({ suggestion }) => suggestion !== undefined).length).toBe(100);
    });
  });
});
