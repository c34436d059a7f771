import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { tellFailure } from '../../src/cli/tell-failure.ts';
import { inFolder, runCheck } from './run-check.ts';

const token = 'ghp_0123456789abcdefghijklmnopqrstuvwx12';

it('a fault of daygate is told without what looks like a credential', () => {
  let told = '';
  const code = tellFailure(new TypeError(`cannot read ${token}`), { err: (text) => void (told += text) });
  expect([code, told]).toEqual([3, expect.stringContaining('TypeError: cannot read ')]);
  expect(told).not.toContain(token);
});

/** Refuses to render what daygate puts around a folder, so that annotations come from whoever wrote the manifests. */
const kubectl = `#!/bin/sh
case "$2" in *daygate-kustomize*) exit 1;; esac
cat <<'END'
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations: { config.kubernetes.io/origin: "password: [hunter2-${token}" }
spec: { containers: [{ name: web, image: web:latest }] }
END
`;

it('an origin that Kustomize has not written is quoted nowhere, and costs no finding', async () => {
  await inFolder({ 'bin/kubectl': kubectl, 'k/kustomization.yaml': 'resources: []\n' }, async (folder) => {
    chmodSync(join(folder, 'bin/kubectl'), 0o755);
    const path = process.env['PATH'];
    process.env['PATH'] = [join(folder, 'bin'), path].join(delimiter);
    const { code, out, err } = await runCheck([join(folder, 'k')], {
      only: ['forbid-latest-tag'],
    }).finally(() => (process.env['PATH'] = path));
    expect(out + err).not.toMatch(/hunter2|ghp_/);
    expect(out).toContain('1 object judged in 1 rendering: 1 finding (1 deny).');
    expect(code).toBe(1);
  });
});
