import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keyedFingerprint, readFingerprint } from '../../src/config/fingerprint.ts';
import { inFolder, runCheck, type JsonOutput } from '../cli/run-check.ts';

const key = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';

describe('the key to fingerprints', () => {
  it('is the start of HMAC-SHA-256', () => {
    // printf hunter2 | openssl dgst -sha256 -hmac 0f1e2d3c4b5a69788796a5b4c3d2e1f0
    expect(keyedFingerprint(key)('hunter2')).toBe('25dfb9a7c726');
  });

  it('comes from a file, or else from the environment, without the white space around it', async () => {
    await inFolder({ key: `${key}\n` }, (folder) => {
      const fromFile = readFingerprint(join(folder, 'key'), { DAYGATE_FINGERPRINT_KEY: 'x'.repeat(32) });
      const fromEnvironment = readFingerprint(undefined, { DAYGATE_FINGERPRINT_KEY: ` ${key} ` });
      expect(fromFile?.('hunter2')).toBe(keyedFingerprint(key)('hunter2'));
      expect(fromEnvironment?.('hunter2')).toBe(keyedFingerprint(key)('hunter2'));
      return Promise.resolve();
    });
  });

  it('is missing where nobody gave one, and refused where it could be guessed or is not there', async () => {
    expect(readFingerprint(undefined, {})).toBeUndefined();
    expect(readFingerprint(undefined, { DAYGATE_FINGERPRINT_KEY: '' })).toBeUndefined();
    const guessable = { DAYGATE_FINGERPRINT_KEY: 'shopshopshop' };
    expect(() => readFingerprint(undefined, guessable)).toThrow(
      /DAYGATE_FINGERPRINT_KEY: a key of 12 characters/,
    );
    expect(() => readFingerprint(undefined, guessable)).not.toThrow(/shopshop/);
    await inFolder({ empty: '\n' }, (folder) => {
      expect(() => readFingerprint(join(folder, 'empty'), {})).toThrow(/a key of 0 characters/);
      expect(() => readFingerprint(join(folder, 'none'), {})).toThrow(/no such file or folder/);
      return Promise.resolve();
    });
  });
});

const manifest = `apiVersion: v1
kind: Pod
metadata: { name: orders, namespace: shop }
spec:
  containers:
    - name: app
      image: registry.example.com/shop/orders:5.1.0
      env:
        - { name: DB_PASSWORD, value: kT9fQz2LmX7p }
        - { name: DATABASE_URL, value: "postgres://orders:kT9fQz2LmX7p@db/orders" }
        - { name: SMTP_PASSWORD, value: another-kT9fQ }
      args: [--password=kT9fQz2LmX7p]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: orders, namespace: shop }
binaryData: { db.properties: ${btoa('db.user=orders\ndb.password=kT9fQz2LmX7p\n')} }
---
apiVersion: v1
kind: Secret
metadata: { name: orders, namespace: shop }
data: { password: ${btoa('kT9fQz2LmX7p')} }
`;
const only = ['forbid-secret-in-env,forbid-secret-in-args,forbid-secret-in-config-map,forbid-inline-secret'];

describe('fingerprints of findings', () => {
  it('are the same for the same credential, wherever it stands and however it is written', async () => {
    const { out } = await runCheck(
      ['-'],
      { only, output: ['json'], fingerprint: keyedFingerprint(key) },
      manifest,
    );
    const { findings } = JSON.parse(out) as JsonOutput;
    const prints = findings.map(({ locator, fingerprint }) => [locator, fingerprint]);
    const shared = keyedFingerprint(key)('kT9fQz2LmX7p');
    expect(prints).toEqual([
      ['spec.containers[app].env[DB_PASSWORD].value', shared],
      ['spec.containers[app].env[DATABASE_URL].value', shared],
      ['spec.containers[app].env[SMTP_PASSWORD].value', keyedFingerprint(key)('another-kT9fQ')],
      ['spec.containers[app].args[0]', shared],
      ['binaryData["db.properties"]', shared],
      ['data.password', shared],
    ]);
    const { out: text } = await runCheck(['-'], { only, fingerprint: keyedFingerprint(key) }, manifest);
    expect(text.match(new RegExp(`fingerprint ${shared}`, 'g'))).toHaveLength(5);
    expect(out + text).not.toContain('kT9fQz2LmX7p');
  });

  it('are not there without a key: a plain hash of a password can be tried out', async () => {
    const { out } = await runCheck(['-'], { only, output: ['json'] }, manifest);
    expect(JSON.parse(out)).toMatchObject({ summary: { findings: 6 } });
    expect(out).not.toContain('fingerprint');
  });
});
