import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start, type Answer, type Running } from './harness.ts';
import { admissionReview, configMapReview, pod } from './reviews.ts';

// Looks like nothing that a detector of secrets would know: it must stay inside because nobody repeats values.
const canary = 'hunter2CANARYplum';

let server: Running;
const answers: Answer[] = [];
beforeAll(async () => {
  server = await start({
    settings: {
      profiles: {
        fixing: {
          extends: 'restricted',
          policies: {
            'require-memory': { fix: true, params: { default: '1Gi' } },
            'broken-fix': { fix: true },
          },
        },
      },
    },
  });
});
afterAll(() => server.end());

/** A Pod with the canary in every place that holds values. */
const leaky = pod(
  [
    {
      name: 'app',
      image: 'web:1',
      args: [`--password=${canary}`],
      command: ['sh', '-c', `login ${canary}`],
      // The policy that throws parses this one, and JavaScript quotes what it cannot parse.
      env: [
        { name: 'JSON', value: canary },
        { name: 'PASSWORD', value: canary },
      ],
      livenessProbe: {
        httpGet: { path: `/?token=${canary}`, httpHeaders: [{ name: 'authorization', value: canary }] },
      },
    },
  ],
  {
    labels: { team: canary },
    annotations: { note: canary, 'kubectl.kubernetes.io/last-applied-configuration': `{"a":"${canary}"}` },
  },
);

const reviews: readonly (readonly [string, object | string])[] = [
  ['a refused Pod', admissionReview({ object: leaky })],
  ['an update of it', admissionReview({ operation: 'UPDATE', object: leaky, oldObject: pod() })],
  ['its removal', admissionReview({ operation: 'DELETE', object: null, oldObject: leaky })],
  ['a dry run', admissionReview({ object: leaky, dryRun: true })],
  [
    'a ConfigMap',
    configMapReview({ labels: { bad: 'yes' }, annotations: { note: canary } }, { data: { key: canary } }),
  ],
  [
    'a Secret',
    admissionReview({
      kind: 'Secret',
      resource: 'secrets',
      object: { apiVersion: 'v1', kind: 'Secret', metadata: {}, stringData: { a: canary } },
    }),
  ],
  [
    'user extras',
    JSON.stringify(admissionReview({ object: leaky })).replace('"a":["b"]', `"a":["${canary}"]`),
  ],
  [
    'broken JSON',
    `{"kind":"AdmissionReview","request":{"uid":"1","object":{"data":{"a":"${canary}" oops "${canary}"}}}`,
  ],
  ['JSON that is cut off', `{"request":{"object":"${canary}`],
  [
    'a wrong type in the envelope',
    JSON.stringify(admissionReview()).replace('"dryRun":false', `"dryRun":"${canary}"`),
  ],
  ['an unknown operation', JSON.stringify(admissionReview()).replace('CREATE', canary)],
  ['an object that is text', admissionReview({ object: canary })],
  ['another apiVersion', JSON.stringify(admissionReview()).replace('admission.k8s.io/v1', canary)],
];

describe('a value that must not leak', () => {
  it.each(reviews)('is in no answer about %s', async (_name, review) => {
    for (const path of [
      '/validate/production',
      '/validate/restricted',
      '/mutate/fixing',
      `/validate/production?timeout=${canary}`,
    ]) {
      const answer = await server.review(review, path);
      answers.push(answer);
      expect(answer.text).not.toContain(canary);
      expect(Buffer.from(answer.json().response?.patch ?? '', 'base64').toString()).not.toContain(canary);
      expect(JSON.stringify(answer.headers)).not.toContain(canary);
    }
  });

  it('is in no answer about headers, methods and paths', async () => {
    const headers = {
      authorization: `Bearer ${canary}`,
      cookie: canary,
      'content-type': canary,
      'x-request-id': canary,
    };
    for (const path of [
      '/validate/production',
      `/${canary}`,
      `/livez?token=${canary}`,
      `/%zz${canary}`,
      `/validate/${canary}/x`,
    ]) {
      answers.push(await server.call(path, { method: 'POST', headers, body: canary }));
      expect(answers.at(-1)?.text).not.toContain(canary);
    }
  });

  it('is in no log line, even at trace, and in no metric', async () => {
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(15);
    expect(answers.filter(({ status }) => status >= 400).length).toBeGreaterThan(15);
    const decisions = server.log().filter(({ message }) => message === 'decision');
    expect(decisions.length).toBeGreaterThan(15);
    expect(server.logText()).not.toContain(canary);
    expect((await server.call('/metrics')).text).not.toContain(canary);
  });
});
