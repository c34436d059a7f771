import { describe, expect, it } from 'vitest';
import { maskComment, maskComments } from '../../../src/cli/yaml/mask-comments.ts';

/** A text and what is shown of it. */
function shown(text: string): string {
  const lines = text.split('\n');
  return maskComments(lines)
    .map((line, index) => line ?? `(${lines[index] ?? ''})`)
    .join('\n');
}

describe('comments in a diff', () => {
  it('hide what a manifest that was commented out would hide', () => {
    const commented = `  # for local tests
  # env:
  #   - name: DB_PASSWORD
  #     value: hunter2
  #   - { name: TOKEN, value: hunter2 }
  # image: registry.example.com/a:1
  # args:
  # - --listen
  # - hunter2
  # stringData:
  #   tiger: hunter2
  #   note: |
  #     hunter2
  # replicas: 3
  # command: [sh, -c, hunter2]
  # dbPassword: hunter2
  #resources: { limits: { cpu: 1 } }`;
    expect(shown(commented)).toBe(`  # for local tests
  # env:
  #   - name: DB_PASSWORD
  #     value: •••
  #   - { name: TOKEN, value: •••
  # image: registry.example.com/a:1
  # args:
  # - •••
  # - •••
  # stringData:
  #   tiger: •••
  #   note: |
  #     •••
  # replicas: 3
  # command: •••
  # dbPassword: •••
  #resources: { limits: { cpu: 1 } }`);
  });

  it('hide each line of a key, and no line after it', () => {
    expect(
      shown(
        '# the old one\n# -----BEGIN RSA PRIVATE KEY-----\n# MIIEpAIBAAKCAQEA7bq2\n# -----END RSA PRIVATE KEY-----\n# is gone\n# -----BEGIN RSA PRIVATE KEY-----\na: 1\n# b',
      ),
    ).toBe('# the old one\n# •••\n# •••\n# •••\n# is gone\n# •••\n(a: 1)\n# b');
  });

  it.each([
    '# TODO: why 512?',
    '# v1.2.3',
    '# was 512Mi, see ticket OPS-1234 (ana@example.com)',
    '# see https://wiki.example.com/a?x=1 for the token of the team',
    '# the password is in vault, not here',
    '## limits: { memory: 1Gi }',
    '# ---',
    '#',
  ])('show prose and settings: %s', (text) => {
    expect(shown(text)).toBe(text);
    expect(maskComment(` ${text}`)).toBe(` ${text}`);
  });

  it.each([
    [' # password: hunter2', ' # password: •••'],
    [' # DB_PASSWORD=hunter2', ' # DB_PASSWORD=[redacted]'],
    [' # value: hunter2', ' # value: •••'],
    [' # postgres://shop:hunter2@db/shop', ' # postgres://shop:[redacted]@db/shop'],
  ])('hide what looks like a credential at the end of a line: %s', (comment, masked) => {
    expect(maskComment(comment)).toBe(masked);
  });

  it('forget what stood above another line', () => {
    expect(shown('# data:\na: 1\n#   tiger: blue')).toBe('# data:\n(a: 1)\n#   tiger: blue');
  });
});
