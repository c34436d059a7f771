import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtinKinds, text, type KubernetesObject } from '#sdk';
import { policies } from '../../policies/index.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { compileOrThrow } from '../../src/config/settings-file.ts';
import type { Answer } from '../../src/rollout/answer.ts';
import { objectKey } from '../../src/rollout/refusal.ts';
import { inFolder } from '../cli/run-check.ts';
import { runProgram } from '../cli/run-program.ts';
import { start } from '../server/harness.ts';
import { admissionReview } from '../server/reviews.ts';
import { fixtureObjects } from './audit-of.ts';

const nextMonth = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

interface Asked {
  readonly key: string;
  readonly review: object;
}

/** Creations of all objects, and changes of every other one. */
function requests(): readonly Asked[] {
  return fixtureObjects(15).flatMap((object, index): readonly Asked[] => {
    const [apiVersion, kind] = [text(object.apiVersion) ?? '', text(object.kind) ?? ''];
    const info = Object.values(builtinKinds).find((one) => one.kind === kind);
    const { metadata } = object;
    const [name, namespace] = [text(metadata?.name), text(metadata?.namespace) ?? ''];
    if (info === undefined || name === undefined) return [];
    const slash = apiVersion.indexOf('/');
    const [group, version] = [apiVersion.slice(0, Math.max(slash, 0)), apiVersion.slice(slash + 1)];
    const about = {
      group,
      version,
      kind,
      resource: info.resource,
      name,
      namespace,
    };
    const key = objectKey({ apiVersion, kind, namespace, name });
    const labelled: KubernetesObject = { ...object, metadata: { ...metadata, labels: { changed: 'yes' } } };
    const created = { key, review: admissionReview({ ...about, object }) };
    const changed = admissionReview({ ...about, operation: 'UPDATE', object: labelled, oldObject: object });
    return index % 2 === 0 ? [created, { key, review: changed }] : [{ key, review: changed }];
  });
}

/** What a server with these settings refuses; it keeps a record where a folder is named. */
async function refusedBy(
  settings: string,
  asked: readonly Asked[],
  folder?: string,
): Promise<readonly string[]> {
  const compiled = compileOrThrow(parseSettings(settings, 'daygate.yaml'), policies, { now: Date.now() });
  const server = await start({
    compiled: () => compiled,
    version: '0.0.9',
    ...(folder === undefined ? {} : { record: { folder, totalBytes: 2 ** 24, clock: () => 0 } }),
  });
  const refused: string[] = [];
  for (const { key, review } of asked) if (!(await server.judged(review)).allowed) refused.push(key);
  await server.end();
  return refused.sort();
}

describe('a prediction from recorded requests', () => {
  it('is what a server that enforces refuses, and nothing once its exceptions are in the settings', async () => {
    await inFolder({ 'daygate.yaml': 'enforcement: observe\n' }, async (folder) => {
      const at = (name: string): string => join(folder, name);
      mkdirSync(at('reviews'));
      const asked = requests();
      expect(asked.length).toBeGreaterThan(50);
      expect(await refusedBy('enforcement: observe\n', asked, at('reviews'))).toEqual([]);

      const args = [
        'rollout',
        '--settings',
        at('daygate.yaml'),
        '--reviews',
        at('reviews'),
        '--profile',
        'production',
      ];
      const drafts = [
        '--write-exceptions',
        at('drafts.yaml'),
        '--owner',
        'o',
        '--reason',
        'r',
        '--expires',
        nextMonth,
      ];
      const { code, out } = await runProgram([...args, ...drafts, '-o', 'json']);
      expect(code).toBe(1);
      const { summary, requests: predicted } = JSON.parse(out) as Answer;
      expect(summary.requestsJudged).toBe(asked.length);
      const keys = predicted.flatMap(({ object, requests: number }) =>
        Array<string>(number).fill(objectKey(object)),
      );
      expect(keys.sort()).toEqual(await refusedBy('enforcement: enforce\n', asked));
      expect(keys.length).toBeGreaterThan(20);
      expect(keys.length).toBeLessThan(asked.length);

      const excepted = `enforcement: enforce\n${readFileSync(at('drafts.yaml'), 'utf8')}`;
      expect(await refusedBy(excepted, asked)).toEqual([]);
      writeFileSync(at('daygate.yaml'), excepted);
      expect((await runProgram(args)).code).toBe(0);
    });
  });
});
