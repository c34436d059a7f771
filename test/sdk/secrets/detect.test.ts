import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectCredential, scanCommand } from '../../../src/sdk/secrets/index.ts';
import { credentials, random } from './credentials.ts';
import { harmless } from './harmless.ts';
import { processorMs } from '../../../src/policy-test/processor-time.ts';

const shown = (name: string | undefined, value: string) =>
  `${name ?? '(no name)'}: ${value.length > 60 ? `${value.slice(0, 60)}…` : value}`;

describe('detectCredential', () => {
  test.each(credentials.map(([name, value, kind]) => [shown(name, value), kind, name, value]))(
    '%s is a %s',
    (_, kind, name, value) => {
      expect(detectCredential({ name, value })?.kind).toBe(kind);
    },
  );

  test.each(harmless.map(([name, value]) => [shown(name, value), name, value]))(
    '%s is none',
    (_, name, value) => {
      expect(detectCredential({ name, value })).toBeUndefined();
    },
  );

  test('has been shown enough of both', () => {
    expect(credentials.length).toBeGreaterThan(100);
    expect(harmless.length).toBeGreaterThan(100);
    expect(credentials.length + harmless.length).toBeGreaterThan(240);
  });

  test('says what it is and never what its value is', () => {
    for (const [name, value] of credentials) {
      const found = JSON.stringify({ ...detectCredential({ name, value }), kind: '' });
      for (let at = 0; at + 8 <= value.length; at += 4) expect(found).not.toContain(value.slice(at, at + 8));
    }
  });

  test('is certain of a right checksum and not of a wrong one', () => {
    const [, token = ''] = credentials.find(([, , kind]) => kind === 'GitHub token') ?? [];
    expect(detectCredential({ value: token })?.confidence).toBe('certain');
    const wrong = token.slice(0, -1) + (token.endsWith('0') ? '1' : '0');
    expect(detectCredential({ value: wrong })?.confidence).toBe('likely');
  });

  test('puts the text of another variable for $(VAR), as the kubelet does', () => {
    const value = 'postgres://app:$(P)@db/app';
    const from = (variables: Readonly<Record<string, string>>) => (variable: string) => variables[variable];
    expect(detectCredential({ value, resolve: from({ P: 'hunter2' }) })?.kind).toBe('password in a URL');
    expect(detectCredential({ value, resolve: from({}) })).toBeUndefined();
    expect(
      detectCredential({ value: 'postgres://app:$$(P)@db', resolve: from({ P: 'hunter2' }) }),
    ).toBeUndefined();
    expect(detectCredential({ name: 'PASSWORD', value: '$(P)', resolve: from({ P: 'hunter2' }) })?.kind).toBe(
      'password',
    );
    expect(
      detectCredential({ name: 'PASSWORD', value: '$(P)', resolve: from({ P: '$(Q)' }) }),
    ).toBeUndefined();
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (name, value) => void detectCredential({ name, value })));
    const piece = fc.constantFrom(
      'password',
      '=',
      ':',
      '://',
      '@',
      'eyJ',
      '.',
      'Basic ',
      '"auth":"',
      random(9),
      ' ',
      '$(',
    );
    fc.assert(
      fc.property(fc.array(piece), fc.array(piece), (name, value) => {
        void detectCredential({ name: name.join(''), value: value.join(''), resolve: () => 'x' });
      }),
    );
  });

  test.each(
    [
      'a',
      '://',
      '://a:',
      '://a:b:',
      'eyJ',
      'eyJa.',
      'eyJaaaaa-',
      '-----BEGIN ',
      'PRIVATE KEY',
      'sig=',
      'password=',
      'a=b;',
    ].concat([
      'sk-',
      'glpat-',
      'Basic ',
      'Bearer ',
      '"auth":',
      ' ',
      '"',
      '<',
      '{{',
      '/',
      '\\',
      'a.',
      'aA1',
      'x@',
      '(',
      'SG.',
      '[',
      '$(',
    ]),
  )('takes time in proportion to many %j', (piece) => {
    const value = piece.repeat(200_000 / piece.length);
    const took = processorMs(() => {
      detectCredential({ name: 'PASSWORD', value });
      detectCredential({ name: `${value}_TOKEN`, value: 'a1b2c3d4e5f6' });
      detectCredential({ name: 'API_KEY', value: value.slice(0, 4000), resolve: () => 'x' });
    });
    expect(took).toBeLessThan(300);
  });

  test('puts in no more text than it searches', () => {
    const value = '$(TEXT)'.repeat(1_000);
    // All of it together would be longer than a string may be.
    expect(detectCredential({ name: 'A', value, resolve: () => 'a b '.repeat(250_000) })).toBeUndefined();
    const url = { name: 'URL', value: 'redis://:$(PW)@redis', resolve: () => 'kangaroo' };
    expect(detectCredential(url)?.kind).toBe('password in a URL');
  });

  // Each would take minutes where every word looked back at all before it.
  test.each([['mysql'], ['docker']])('walks once through the words of %s', (program) => {
    const words = Array.from({ length: 150_000 }, (_, index) => (index % 2 === 0 ? '-p' : 'x'));
    expect(scanCommand([program, ...words, '--password', 'kangaroo'])).toHaveLength(1);
  });
});
