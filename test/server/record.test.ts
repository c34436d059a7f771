import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Verdict } from '../../src/engine/review.ts';
import { createLogger } from '../../src/log/log.ts';
import { recordedSchema, type RecordedReview } from '../../src/record/recorded-review.ts';
import { openRecordFiles, type RecordFiles } from '../../src/server/record/record-files.ts';
import { createRecorder, type Answered } from '../../src/server/record/recorder.ts';
import { leaks, plants, token } from '../canary/plant.ts';
import { start } from './harness.ts';
import { admissionReview, badPod, pod } from './reviews.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daygate-record-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function recordsIn(place: string): readonly RecordedReview[] {
  return readdirSync(place)
    .sort()
    .flatMap((name) => readFileSync(join(place, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => recordedSchema.parse(JSON.parse(line)));
}

const enforced = { enforcement: 'enforce' } as const;

describe('serve --record', () => {
  it('keeps what was asked and answered, without credentials', async () => {
    const place = join(folder, 'new/reviews');
    const server = await start({
      settings: enforced,
      // Time stands still: nothing is left out because this machine is slow.
      record: { folder: place, totalBytes: 2 ** 20, clock: () => 0 },
      version: '9.9.9',
    });
    const secret = [{ name: 'app', image: 'web:1.0', env: [{ name: 'DB_PASSWORD', value: 'x9hunter2y8' }] }];
    const denied = await server.judged(admissionReview({ object: badPod() }));
    await server.judged(admissionReview({ object: pod(secret), uid: 'second', name: token }));
    await server.judged(admissionReview({ object: plants['everyValue']?.(badPod()) }), '/mutate/production');
    await server.call('/validate/production', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    await server.end();
    expect(denied.allowed).toBe(false);
    const [first, second, ...others] = recordsIn(place);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      daygate: '9.9.9',
      settings: expect.stringMatching(/^[\da-f]{12}$/) as string,
      profile: 'production',
      verdict: { allowed: false, enforcement: 'enforce' },
      review: { request: { operation: 'CREATE', object: badPod() } },
    });
    expect(first?.verdict.findings.map(({ action }) => action)).toContain('deny');
    expect(second?.redacted).toContain('/object/spec/containers/0/env/0/value');
    const text = readdirSync(place)
      .map((name) => readFileSync(join(place, name), 'utf8'))
      .join('');
    expect(text).not.toContain('x9hunter2y8');
    expect(leaks(text)).toEqual([]);
    const [file = ''] = readdirSync(place);
    expect(statSync(join(place, file)).mode & 0o777).toBe(0o600);
  });

  it('leaves out what daygate breakglass lets through', async () => {
    const server = await start({
      settings: enforced,
      record: { folder, totalBytes: 2 ** 20, clock: () => 0 },
    });
    const until = Math.floor(Date.now() / 1000) + 600;
    const review = admissionReview({ object: badPod() });
    expect(await server.judged(review, `/validate/production/suspended/until-${until}`)).toMatchObject({
      allowed: true,
    });
    await server.judged(review);
    await server.end();
    expect(recordsIn(folder).map(({ verdict }) => verdict.enforcement)).toEqual(['enforce']);
  });

  it('counts what it keeps', async () => {
    const server = await start({
      settings: enforced,
      record: { folder, totalBytes: 2 ** 20, clock: () => 0 },
    });
    await server.judged(admissionReview({ object: badPod() }));
    await server.judged(admissionReview({ object: pod([{ name: 'app', image: 'x'.repeat(200_000) }]) }));
    await vi.waitFor(
      async () => expect(await server.metric('daygate_record_reviews_total{result="kept"}')).toBe(1),
      5_000,
    );
    expect(await server.metric('daygate_record_reviews_total{result="large"}')).toBe(1);
    await server.end();
  });

  it('refuses a folder that is none', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const record = { folder: file, totalBytes: 2 ** 20 };
    await expect(start({ settings: enforced, record })).rejects.toThrow(`--record ${file}: `);
  });
});

describe('files of records', () => {
  it('stay within their bytes, of all processes together, and the oldest go first', async () => {
    const totalBytes = 80_000;
    const line = `${'x'.repeat(999)}\n`;
    for (let restart = 0; restart < 3; restart++) {
      const files = openRecordFiles({ folder, totalBytes });
      for (let written = 0; written < 100; written++)
        await files.append(line.replace('x', String(written % 10)));
      await files.close();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
    const sum = sizes.reduce((a, b) => a + b, 0);
    expect(sum).toBeLessThanOrEqual(totalBytes);
    expect(sum).toBeGreaterThan(totalBytes / 2);
    expect(readdirSync(folder).length).toBeGreaterThan(3);
  });

  it('stay within their bytes while several workers write side by side', async () => {
    const totalBytes = 80_000;
    const [most, writers] = [Math.floor(totalBytes / 8 / 4), 4];
    const workers: RecordFiles[] = [];
    for (let worker = 0; worker < writers; worker++) {
      workers.push(openRecordFiles({ folder, totalBytes, writers }));
      // Names of files go by the process and the millisecond.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const sizes = () => readdirSync(folder).map((name) => statSync(join(folder, name)).size);
    const line = `${'x'.repeat(999)}\n`;
    let largest = 0;
    for (let round = 0; round < 60; round++) {
      // One batch of each is longer than a file may be.
      await Promise.all(workers.map((files, at) => files.append(line.repeat(round % 10 === at ? 5 : 1))));
      largest = Math.max(largest, ...sizes());
      expect(sizes().reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(totalBytes);
    }
    for (const files of workers) await files.close();
    expect(largest).toBeLessThanOrEqual(most);
    expect(sizes().reduce((a, b) => a + b, 0)).toBeGreaterThan(totalBytes / 2);
  });

  it('are begun anew where somebody else has removed them', async () => {
    const files = openRecordFiles({ folder, totalBytes: 80_000 });
    await files.append('first\n');
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    await files.append('second\n');
    await files.close();
    expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(['second\n']);
  });

  it('leave alone what others keep there', async () => {
    writeFileSync(join(folder, 'notes.jsonl'), 'x'.repeat(50_000));
    const files = openRecordFiles({ folder, totalBytes: 8_000 });
    for (let written = 0; written < 20; written++) await files.append(`${'y'.repeat(900)}\n`);
    await files.close();
    expect(readdirSync(folder)).toContain('notes.jsonl');
  });
});

describe('a recorder', () => {
  const clean: Verdict = { allowed: true, enforcement: 'enforce', findings: [], errors: [], skipped: [] };
  const denied: Verdict = { ...clean, allowed: false };
  const answered = (verdict: Verdict): Answered => ({
    bytes: Buffer.from(JSON.stringify(admissionReview())),
    profile: 'production',
    verdict,
    now: 0,
    settings: 'abc',
  });
  // Time stands still, unless a test says otherwise.
  function recorder(append: (lines: string) => Promise<void>, clock = () => 0) {
    const counts: Record<string, number> = {};
    let log = '';
    const destination = { write: (line: string) => void (log += line) };
    const made = createRecorder({
      files: { append, close: () => Promise.resolve() },
      version: '1',
      logger: createLogger({ destination }),
      count: (result) => (counts[result] = (counts[result] ?? 0) + 1),
      clock,
    });
    return { ...made, counts, log: () => log };
  }

  it('says once that the disk is full, and goes on', async () => {
    const full = Object.assign(new Error('x'), { code: 'ENOSPC' });
    let time = 0;
    const { take, close, counts, log } = recorder(
      () => Promise.reject(full),
      () => time,
    );
    for (let round = 1; round <= 3; round++) {
      take(answered(denied));
      time += 20_000;
      await vi.waitFor(() => expect(counts['disk']).toBe(round), 5_000);
    }
    await close();
    expect(log().match(/no space left on the disk/g)).toHaveLength(1);
  });

  it('leaves routine out before anything else when it has had its share of the time', async () => {
    let time = 0;
    const written: string[] = [];
    const { take, close, counts } = recorder(
      (lines) => Promise.resolve(void written.push(lines)),
      // Each look at the clock takes 0.2 ms.
      () => (time += 0.2),
    );
    for (let number = 0; number < 300; number++) {
      take(answered(number % 2 === 0 ? clean : denied));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await close();
    const kept = written
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => recordedSchema.parse(JSON.parse(line)));
    const refusals = kept.filter(({ verdict }) => !verdict.allowed).length;
    expect(counts['busy']).toBeGreaterThan(100);
    expect(refusals).toBeGreaterThan(2 * (kept.length - refusals));
  });

  it('drops what the disk is too slow for instead of keeping it in memory', async () => {
    const { take, close, counts } = recorder(() => Promise.resolve());
    for (let number = 0; number < 500; number++) take(answered(denied));
    expect(counts['busy']).toBeGreaterThan(400);
    await close();
    expect((counts['kept'] ?? 0) + (counts['busy'] ?? 0)).toBe(500);
  });

  it('leaves out what is so full of credentials that reviews would wait for it', async () => {
    const { take, close, counts } = recorder(
      () => Promise.resolve(),
      () => performance.now(),
    );
    const args = Array.from({ length: 1000 }, (_, number) => `--password=Xk9${number}qZ7vT2m`);
    const env = args.map((_, number) => ({ name: 'DB_PASSWORD', value: `Xk9${number}qZ7vT2m` }));
    for (const container of [{ args }, { env }]) {
      const review = admissionReview({ object: pod([{ name: 'app', image: 'web:1.0', ...container }]) });
      take({ ...answered(denied), bytes: Buffer.from(JSON.stringify(review)) });
    }
    await close();
    expect(counts).toEqual({ large: 2 });
  });

  it('says at its end what it left out, as nobody reads its metrics any more', async () => {
    let time = 0;
    // Others take the processor for 60 ms while the first review is recorded: nothing is left of the time saved up.
    const busy = recorder(
      () => Promise.resolve(),
      () => (time += 60),
    );
    for (let number = 0; number < 3; number++) {
      busy.take(answered(denied));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await busy.close();
    expect(busy.counts).toEqual({ large: 1, busy: 2 });
    expect(JSON.parse(busy.log())).toMatchObject({
      level: 'info',
      message: 'not all reviews were recorded',
      reviews: { kept: 0, busy: 2, large: 1, disk: 0, failed: 0 },
    });
    const idle = recorder(() => Promise.resolve());
    idle.take(answered(denied));
    await idle.close();
    expect([idle.counts, idle.log()]).toEqual([{ kept: 1 }, '']);
  });

  it('survives what cannot be redacted', async () => {
    const { take, close, counts } = recorder(() => Promise.resolve());
    const deep = `{"request":{"object":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`;
    take({ ...answered(denied), bytes: Buffer.from(deep) });
    await close();
    expect(counts).toEqual({ failed: 1 });
  });
});
