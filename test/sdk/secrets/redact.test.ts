import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectCredential, redact } from '../../../src/sdk/secrets/index.ts';
import { credentials, pem, random } from './credentials.ts';

describe('redact', () => {
  test.each([
    ['cannot reach postgres://app:hunter2@db/app', 'cannot reach postgres://app:[redacted]@db/app'],
    ['DB_PASSWORD=hunter2 is set', 'DB_PASSWORD=[redacted] is set'],
    ['{"password": "hunter2"}', '{"password": "[redacted]"}'],
    ['contraseña=hunter2 密码: hunter2', 'contraseña=[redacted] 密码: [redacted]'],
    ['a=1;Server=db;Uid=sa;Password=Str0ng!;x=2', 'a=1;Server=db;Uid=sa;Password=[redacted];x=2'],
    [
      `before ${pem}after`,
      'before -----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY-----\nafter',
    ],
  ])('%j becomes %j', (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  test.each([
    '',
    'nginx:1.29',
    'app has no memory limit.',
    'a password in a URL',
    'password: write a secretKeyRef instead',
    'env DB_PASSWORD: a password in the clear; use valueFrom.secretKeyRef',
    'https://kubernetes.io/docs/concepts/configuration/secret/',
    'ghcr.io/team/app@sha256:0123456789abcdef',
  ])('leaves %j alone', (text) => {
    expect(redact(text)).toBe(text);
  });

  test('takes every known format out of a sentence', () => {
    for (const [, value, kind] of credentials.filter(([name]) => name === undefined)) {
      const clean = redact(`The value of it is ${value} and no more.`);
      expect(clean, kind).toContain('[redacted]');
      expect(detectCredential({ value: clean }), clean).toBeUndefined();
    }
  });

  test('takes out a token that happens to be letters alone', () => {
    const letters = 'bfdacebdfeacfbaedcfabdecafdbecfa';
    for (const token of [`cio${letters}`, `dapi${letters}`, `dose${letters}`, 'AKIAQWERTZUIOPLKJHGF'])
      expect(redact(token)).toBe('[redacted]');
  });

  test('is done after one pass, and never throws', () => {
    const piece = fc.constantFrom(
      'password',
      '=',
      ': ',
      '://a:',
      '@',
      'hunter2',
      ' ',
      random(40),
      'Bearer ',
      'token',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const once = redact(pieces.join(''));
        expect(redact(once)).toBe(once);
      }),
    );
  });
});
