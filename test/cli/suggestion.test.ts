import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { suggestionText } from '../../src/cli/suggestion.ts';
import { checkText, runCheck } from './run-check.ts';

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  spec: {
    template: {
      spec: {
        containers: [{ name: 'app', env: [{ name: 'A', value: 'a' }, { name: 'B' }] }, { name: 'log' }],
        volumes: [{ name: 'tmp' }, { name: 'old' }],
      },
    },
  },
};
const containers = '/spec/template/spec/containers';

describe('suggestions', () => {
  it('hold the change alone, in the items it happens in', () => {
    const text = suggestionText(deployment, [
      { op: 'add', path: `${containers}/1/securityContext`, value: { readOnlyRootFilesystem: true } },
      { op: 'remove', path: `${containers}/0/env/0/value` },
      { op: 'add', path: `${containers}/0/env/0/valueFrom`, value: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      { op: 'remove', path: '/spec/template/spec/volumes/1' },
      { op: 'add', path: '/spec/replicas', value: 3 },
    ]); // prettier-ignore
    const { apiVersion, kind } = deployment;
    expect(parse(text)).toEqual({
      apiVersion,
      kind,
      spec: {
        replicas: 3,
        template: {
          spec: {
            containers: [
              { name: 'log', securityContext: { readOnlyRootFilesystem: true } },
              {
                name: 'app',
                env: [{ name: 'A', value: null, valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
              },
            ],
            volumes: [{ name: 'old', $patch: 'delete' }],
          },
        },
      },
    });
  });

  it('mask what they would move from one place to another', () => {
    const text = suggestionText(deployment, [
      { op: 'add', path: `${containers}/1/env`, value: [{ name: 'TOKEN', value: 'hunter2' }] },
    ]);
    expect(text).toContain('TOKEN');
    expect(text).not.toContain('hunter2');
  });

  it('stand with their findings, for people and for machines', async () => {
    const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: app\n      image: x:1\n      resources: {requests: {memory: 512m}}\n`;
    const options = { only: ['forbid-suspicious-quantity'] };
    const { json } = await checkText(pod, options);
    expect(json.findings[0]?.suggestion).toBe(
      'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: app\n      resources:\n        requests:\n          memory: 512Mi',
    );
    const { out } = await runCheck(['-'], options, pod);
    const pad = ' '.repeat(14);
    expect(out).toContain(
      `\n${pad}containers:\n${pad}  - name: app\n${pad}    resources:\n${pad}      requests:\n${pad}        memory: 512Mi\n`,
    );
  });
});
