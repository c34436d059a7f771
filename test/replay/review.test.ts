import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { compileOrThrow } from '../../src/config/settings-file.ts';
import { inFolder } from '../cli/run-check.ts';
import { runProgram } from '../cli/run-program.ts';
import { start } from '../server/harness.ts';
import { admissionReview, badPod, limited, pod } from '../server/reviews.ts';

const enforce = 'enforcement: enforce\n';
const owned = (containers: readonly object[], owner = 'checkout'): object =>
  pod(containers, { labels: { owner } });
const privileged = { name: 'app', image: 'web:1.0', ...limited, securityContext: { privileged: true } };

/** Records what a server with these settings answers. */
async function recordsOf(settings: string, reviews: readonly object[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'daygate-replay-'));
  const compiled = compileOrThrow(parseSettings(settings, 'test'), policies, { now: Date.now() });
  const server = await start({
    compiled: () => compiled,
    record: { folder, totalBytes: 2 ** 20, clock: () => 0 },
    version: '0.0.9',
  });
  for (const review of reviews) await server.judged(review);
  await server.end();
  const text = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
  rmSync(folder, { recursive: true });
  return text;
}

const json = (out: string) => JSON.parse(out) as Record<string, unknown> & { reviews: unknown; changes: { kind: string }[]; groups: { kind: string; policy: string; owner: string; reviews: number }[]; errors: { code: string }[] }; // prettier-ignore

describe('daygate review', () => {
  const two = [
    admissionReview({ object: owned([privileged]), uid: 'a' }),
    admissionReview({
      object: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } },
      kind: 'Secret',
      resource: 'secrets',
      uid: 'b',
    }),
  ];

  it('tells what the settings say of recorded reviews', async () => {
    const records = await recordsOf(enforce, two);
    await inFolder({ 'r/reviews.jsonl': records, 'daygate.yaml': enforce }, async (folder) => {
      const args = ['review', '--settings', join(folder, 'daygate.yaml'), join(folder, 'r')];
      const { code, out, err } = await runProgram(args);
      expect([code, err]).toEqual([1, '']);
      expect(out).toMatch(
        /^denied CREATE Pod shop\/web by jane \(profile production\) \S+reviews\.jsonl:1$/m,
      );
      expect(out).toMatch(
        /^ {2}deny forbid-privileged spec\.containers\[app\]\.securityContext\.privileged: /m,
      );
      expect(out).toMatch(/^2 reviews of \S+Z to \S+Z: 1 denied, 0 warned, 1 allowed$/m);
      const listed = json((await runProgram([...args, '-o', 'json'])).out);
      expect(listed).toMatchObject({
        version: 1,
        outcomes: { denied: 1, warned: 0, allowed: 1 },
        errors: [],
      });
    });
  });

  it('finds no change against what was recorded by the same', async () => {
    const secret = {
      name: 'app',
      image: 'web:1.0',
      ...limited,
      env: [{ name: 'DB_PASSWORD', value: 'x9hunter2y8' }],
    };
    const records = await recordsOf(enforce, [...two, admissionReview({ object: owned([secret]) })]);
    await inFolder({ 'reviews.jsonl': records, 'daygate.yaml': enforce }, async (folder) => {
      const { code, out } = await runProgram([
        ...['review', '--settings', join(folder, 'daygate.yaml'), '--against', 'recorded'],
        join(folder, 'reviews.jsonl'),
      ]);
      expect(out).toMatch(/Against recorded: no verdict changes\.\n$/);
      expect(code).toBe(0);
    });
  });

  it('reads lines behind a byte order mark', async () => {
    const lines = two.map((review) => `${JSON.stringify(review)}\n`).join('');
    await inFolder({ 'reviews.jsonl': `\ufeff${lines}` }, async (folder) => {
      const { out } = await runProgram(['review', join(folder, 'reviews.jsonl')]);
      expect(out).toMatch(/^2 reviews: /m);
    });
  });

  it('lets nothing that a record says, nor the name of its file, steer a terminal', async () => {
    const records = await recordsOf(enforce, [admissionReview({ object: owned([privileged]) })]);
    const forged = `${records.replaceAll('"locator":"', '"locator":"\\u001b[2J\\u009b31m')}{"cut":`;
    const name = 'reviews\u001b[2J.jsonl';
    const files = { [name]: forged, 'off.yaml': 'profiles: { none: { policies: {} } }\n' };
    await inFolder(files, async (folder) => {
      const args = [
        'review',
        '--settings',
        join(folder, 'off.yaml'),
        '--profile',
        'none',
        join(folder, name),
      ];
      const text = (await runProgram([...args, '--against', 'recorded'])).out;
      expect(text).toContain('newly allowed: 1 review');
      expect(text).toContain('skipped ');
      const listed = (await runProgram([...args, '--against', 'recorded', '-o', 'json'])).out;
      const plain = (await runProgram(args)).out;
      expect(text + listed + plain).not.toMatch(/[^\P{Cc}\n]/u);
    });
  });

  it('groups what changes between two settings by policy and owner', async () => {
    const records = await recordsOf(enforce, [
      admissionReview({ object: owned([privileged]) }),
      admissionReview({ object: owned([privileged]) }),
      admissionReview({ object: owned([privileged], 'search') }),
      admissionReview({ object: badPod() }),
    ]);
    const strict = `${enforce}policies: { forbid-latest-tag: deny }\n`;
    const loose = `${enforce}policies: { forbid-privileged: off }\nprofiles: { production: { policies: { require-memory-limit: warn } } }\n`;
    await inFolder(
      { 'reviews.jsonl': records, 'strict.yaml': strict, 'loose.yaml': loose },
      async (folder) => {
        const between = (a: string, b: string, ...more: string[]) =>
          runProgram([
            'review',
            '--settings',
            join(folder, b),
            '--against',
            join(folder, a),
            join(folder, 'reviews.jsonl'),
            ...more,
          ]);
        const { code, out } = await between('strict.yaml', 'loose.yaml', '-o', 'json');
        expect(code).toBe(1);
        const ofPrivileged = json(out).groups.filter(({ policy }) => policy === 'forbid-privileged');
        expect(ofPrivileged.map(({ owner, reviews }) => [owner, reviews])).toEqual([
          ['checkout', 2],
          ['search', 1],
        ]);
        const text = (await between('loose.yaml', 'strict.yaml')).out;
        expect(text).toMatch(/^ {2}forbid-privileged, checkout: 2 reviews$/m);
        expect(text).toMatch(/^ {4}for instance CREATE Pod shop\/web by jane/m);
        expect((await between('strict.yaml', 'strict.yaml')).code).toBe(0);
      },
    );
  });

  it('names all kinds of change', async () => {
    const records = await recordsOf(enforce, [admissionReview({ object: owned([privileged]) })]);
    const only = (action: string): string =>
      `${enforce}profiles: { none: { policies: { forbid-privileged: ${action} } } }\nprofile: none\n`;
    const both = `${enforce}profiles: { none: { policies: { forbid-privileged: deny, forbid-host-path: deny, require-seccomp-profile: deny } } }\nprofile: none\n`;
    const files = {
      'reviews.jsonl': records,
      'deny.yaml': only('deny'),
      'warn.yaml': only('warn'),
      'off.yaml': only('off'),
      'audit.yaml': only('audit'),
      'both.yaml': both,
    };
    await inFolder(files, async (folder) => {
      const kind = async (a: string, b: string): Promise<string | undefined> => {
        const { out } = await runProgram([
          'review',
          '--profile',
          'none',
          '-o',
          'json',
          '--settings',
          join(folder, `${b}.yaml`),
          '--against',
          join(folder, `${a}.yaml`),
          join(folder, 'reviews.jsonl'),
        ]);
        return json(out).changes[0]?.kind;
      };
      expect(await kind('warn', 'deny')).toBe('newly denied');
      expect(await kind('deny', 'warn')).toBe('newly allowed');
      expect(await kind('deny', 'both')).toBe('denied differently');
      expect(await kind('off', 'warn')).toBe('newly warned');
      expect(await kind('warn', 'audit')).toBe('no longer warned');
      expect(await kind('audit', 'off')).toBeUndefined();
    });
  });

  it('counts the exceptions that were in force when it was recorded', async () => {
    const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const exception = `exceptions:\n  - { policies: [forbid-privileged], match: { name: web }, owner: a, reason: b, expires: ${day(-1)} }\n`;
    const record = JSON.parse(
      await recordsOf(enforce, [admissionReview({ object: owned([privileged]) })]),
    ) as object;
    const then = JSON.stringify({ ...record, time: new Date(Date.now() - 3 * 86_400_000).toISOString() });
    const files = {
      'then.jsonl': then,
      'now.jsonl': JSON.stringify(record),
      'daygate.yaml': `${enforce}${exception}policies: { forbid-privileged: deny }\n`,
    };
    await inFolder(files, async (folder) => {
      const found = async (file: string): Promise<string> =>
        (await runProgram(['review', '--settings', join(folder, 'daygate.yaml'), join(folder, file)])).out;
      expect(await found('then.jsonl')).not.toContain('deny forbid-privileged');
      expect(await found('now.jsonl')).toContain('deny forbid-privileged');
    });
  });

  it('says which findings it does not compare, because nothing could stand in for a credential', async () => {
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': '{"kind":"Secret","data":{"a":"x9hunter2y8',
    };
    const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x', annotations } };
    const records = await recordsOf(enforce, [
      admissionReview({ object, kind: 'Secret', resource: 'secrets' }),
    ]);
    expect(records).not.toContain('hunter2');
    await inFolder({ 'reviews.jsonl': records, 'daygate.yaml': enforce }, async (folder) => {
      const { code, out } = await runProgram([
        'review',
        '--settings',
        join(folder, 'daygate.yaml'),
        '--against',
        'recorded',
        join(folder, 'reviews.jsonl'),
      ]);
      expect(out).toContain('not compared: 1 finding at places where a credential was redacted');
      expect(code).toBe(0);
    });
  });

  it('judges by the new default profile what the former one judged, and says so', async () => {
    const open = { name: 'app', image: 'web:1.0', ...limited };
    const records = await recordsOf(enforce, [admissionReview({ object: owned([open]) })]);
    const files = {
      'reviews.jsonl': records,
      'former.yaml': enforce,
      'new.yaml': `${enforce}profile: restricted\n`,
      'same.yaml': `${enforce}profile: production\n`,
    };
    await inFolder(files, async (folder) => {
      const against = (settings: string, ...more: string[]) =>
        runProgram([
          ...['review', '--settings', join(folder, settings), '--against', join(folder, 'former.yaml')],
          ...[join(folder, 'reviews.jsonl'), ...more],
        ]);
      const { code, out, err } = await against('new.yaml');
      expect(code).toBe(1);
      expect(out).toMatch(/^denied differently: 1 review$/m);
      expect(out).toContain('by jane (profile restricted)');
      expect(err).toBe(
        'daygate: the default profile becomes restricted: what production judged is judged by it, in namespaces that name production themselves, too, since a record does not tell them apart\n',
      );
      expect(await against('same.yaml')).toMatchObject({ code: 0, err: '' });
      expect(await against('new.yaml', '--profile', 'production')).toMatchObject({ code: 0, err: '' });
    });
  });

  it('judges by the default profile where the settings have no such profile, and says so', async () => {
    const records = (await recordsOf(enforce, two.slice(0, 1))).replace(
      '"profile":"production"',
      '"profile":"gone"',
    );
    await inFolder({ 'reviews.jsonl': records }, async (folder) => {
      const { out, err } = await runProgram(['review', join(folder, 'reviews.jsonl')]);
      expect(err).toContain('no profile gone in these settings: such reviews are judged by production');
      expect(out).toContain('(profile production)');
    });
  });

  it.each<readonly [string, string, number, string]>([
    ['a plain review', JSON.stringify(two[1]), 0, '1 review: 0 denied'],
    ['several in a list', JSON.stringify(two), 1, '2 reviews: '],
    ['one with line breaks', JSON.stringify(two[1], null, 2), 0, '1 review: '],
    ['lines', two.map((one) => JSON.stringify(one)).join('\n'), 1, '2 reviews: '],
    [
      'a line cut off at the end',
      `${JSON.stringify(two[1])}\n{"kind":"Admis`,
      0,
      'line 2 was cut off while it was written',
    ],
    ['a broken line', `${JSON.stringify(two[1])}\n{"kind"\n${JSON.stringify(two[1])}\n`, 2, ':2: is no JSON'],
    ['no review', '{"kind":"Pod","apiVersion":"v1"}', 2, 'kind: expected AdmissionReview'],
    [
      'another version',
      JSON.stringify({ ...two[1], apiVersion: 'admission.k8s.io/v1beta1' }),
      2,
      'expected admission.k8s.io/v1',
    ],
    ['a record of another daygate', '{"daygateRecord":2}', 2, 'is no record that this daygate reads'],
    ['nothing', '', 2, 'error nothing was reviewed'],
    ['an empty list', '[]', 2, 'nothing was reviewed'],
    ['null', 'null', 2, 'expected an AdmissionReview'],
    ['YAML', 'kind: AdmissionReview\n', 2, ':1: is no JSON'],
  ])('reads %s', async (_, text, expected, says) => {
    const { code, out, err } = await runProgram(['review', '-'], {
      input: () => Promise.resolve(new TextEncoder().encode(text)),
    });
    expect(out + err).toContain(says);
    expect(code).toBe(expected);
  });

  it.each<readonly [readonly string[], string]>([
    [[], 'name what to review'],
    [['/does/not/exist'], 'no such file or folder'],
    [['-', '--against', '/does/not/exist.yaml'], 'no such file or folder'],
    [['-', '--profile', 'prod'], 'did you mean production?'],
    [['-', '-o', 'xml'], 'xml'],
    [['-', '--against', 'recorded'], 'none of these reviews was recorded'],
  ])('refuses %j', async (args, says) => {
    const input = () => Promise.resolve(new TextEncoder().encode(JSON.stringify(two)));
    const { code, out, err } = await runProgram(['review', ...args], { input });
    expect(code).toBe(2);
    expect(out + err).toContain(says);
  });
});
