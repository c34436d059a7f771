import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseImageReference } from '../../src/sdk/image-reference.ts';
import { processorMs } from '../../src/policy-test/processor-time.ts';

const sha = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('parseImageReference', () => {
  test.each([
    ['nginx', { registry: 'docker.io', repository: 'library/nginx', hasRegistry: false }],
    ['nginx:1.29', { registry: 'docker.io', repository: 'library/nginx', tag: '1.29', hasRegistry: false }],
    ['team/app', { registry: 'docker.io', repository: 'team/app', hasRegistry: false }],
    ['docker.io/nginx', { registry: 'docker.io', repository: 'library/nginx', hasRegistry: true }],
    ['index.docker.io/a/b', { registry: 'docker.io', repository: 'a/b', hasRegistry: true }],
    ['ghcr.io/a/b/c:v1', { registry: 'ghcr.io', repository: 'a/b/c', tag: 'v1', hasRegistry: true }],
    ['localhost/app', { registry: 'localhost', repository: 'app', hasRegistry: true }],
    ['localhost:5000/app:1', { registry: 'localhost:5000', repository: 'app', tag: '1', hasRegistry: true }],
    ['registry:80/app', { registry: 'registry:80', repository: 'app', hasRegistry: true }],
    ['[::1]:5000/app', { registry: '[::1]:5000', repository: 'app', hasRegistry: true }],
    ['REG.IO/app', { registry: 'REG.IO', repository: 'app', hasRegistry: true }],
    ['Reg/app', { registry: 'Reg', repository: 'app', hasRegistry: true }],
    ['my_host.com/app', { registry: 'my_host.com', repository: 'app', hasRegistry: true }],
    [`app@${sha}`, { registry: 'docker.io', repository: 'library/app', digest: sha, hasRegistry: false }],
    [
      `quay.io/a/b:1@${sha}`,
      { registry: 'quay.io', repository: 'a/b', tag: '1', digest: sha, hasRegistry: true },
    ],
    [
      'nginx:LATEST_x',
      { registry: 'docker.io', repository: 'library/nginx', tag: 'LATEST_x', hasRegistry: false },
    ],
  ])('reads %s', (image, parts) => {
    expect(parseImageReference(image)).toEqual(parts);
  });

  test.each(
    [
      [
        '',
        ' nginx',
        'nginx ',
        'ngi nx',
        'Nginx',
        'a/Nginx',
        'nginx:',
        'nginx@',
        '/nginx',
        'nginx/',
        'a//b',
        '-a',
        'a-',
      ],
      [
        'a..b',
        'a___b',
        'nginx:-x',
        `nginx:${'a'.repeat(129)}`,
        'nginx:a/b',
        'reg:port/app',
        '-reg.io/app',
        'http://a/b',
      ],
      [
        '0123456789abcdef'.repeat(4),
        `nginx@sha256:${'a'.repeat(63)}`,
        `nginx@${sha.toUpperCase()}`,
        'nginx@md5:0',
      ],
      [`nginx@sha256:${'A'.repeat(64)}`, 'é/app', '${IMAGE}', 'a'.repeat(256), null, undefined, 1, {}, []],
    ].flat(),
  )('refuses %s', (image) => {
    expect(parseImageReference(image)).toBeUndefined();
  });

  test('reads back what it has spelled out', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}(?:[._-][a-z0-9]{1,8})?$/);
    const host = fc.constantFrom('', 'ghcr.io/', 'localhost/', 'localhost:5000/', 'a.b:80/');
    const tag = fc.constantFrom('', ':1', ':latest', `@${sha}`, `:v1@${sha}`);
    fc.assert(
      fc.property(host, fc.array(part, { minLength: 1, maxLength: 4 }), tag, (before, parts, after) => {
        const { hasRegistry, ...first } = parseImageReference(before + parts.join('/') + after) ?? {};
        fc.pre(hasRegistry !== undefined && 'registry' in first);
        const spelled = `${first.registry}/${first.repository}${after}`;
        expect(parseImageReference(spelled)).toEqual({ ...first, hasRegistry: true });
      }),
    );
  });

  test('takes time in proportion to its input', () => {
    const texts = [
      'a'.repeat(1e6),
      'a-'.repeat(5e5),
      'a.'.repeat(5e5) + '/x',
      '_'.repeat(1e6),
      'a/'.repeat(5e5),
    ];
    const took = processorMs(() => {
      for (const long of texts) {
        expect(parseImageReference(long)).toBeUndefined();
        expect(parseImageReference(`${long}!`)).toBeUndefined();
      }
    });
    expect(took).toBeLessThan(1000);
  });
});
