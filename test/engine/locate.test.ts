import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { property } from '#sdk';
import { jsonPointer, locator } from '../../src/engine/locate.ts';
import { fillTemplate, parseTemplate, printable } from '../../src/engine/message.ts';

const object = {
  metadata: { labels: { 'app.kubernetes.io/name': 'x' } },
  spec: {
    containers: [
      {
        name: 'app',
        env: [{ name: 'A' }, { name: 'B' }, { name: 'A' }],
        ports: [{ containerPort: 80, protocol: 'TCP' }],
      },
      { image: 'unnamed' },
      null,
    ],
    constructor: [{ name: 'a' }],
  },
};

describe('locator', () => {
  it.each([
    [['spec', 'containers', 0, 'image'], 'spec.containers[app].image'],
    [['spec', 'containers', 0, 'env', 1, 'value'], 'spec.containers[app].env[B].value'],
    [['spec', 'containers', 0, 'env', 2], 'spec.containers[app].env[A#2]'],
    [['spec', 'containers', 0, 'ports', 0], 'spec.containers[app].ports[80]'],
    [['spec', 'containers', 1, 'image'], 'spec.containers[1].image'],
    [['spec', 'containers', 2, 'image'], 'spec.containers[2].image'],
    [['spec', 'initContainers', 4], 'spec.initContainers[4]'],
    [['metadata', 'labels', 'app.kubernetes.io/name'], 'metadata.labels["app.kubernetes.io/name"]'],
    [['metadata', '__proto__', 'x'], 'metadata.__proto__.x'],
    [['spec', 'constructor', 0], 'spec.constructor[0]'],
  ])('%j → %s', (path, expected) => {
    expect(locator(object, path)).toBe(expected);
  });

  it.each([
    [
      [{ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' }],
      ['ports[53]', 'ports[53/UDP]'],
    ],
    [
      [{ port: 80, protocol: '' }, { port: 'web' }],
      ['ports[80]', 'ports[web]'],
    ],
    [
      [{}, { protocol: 'UDP' }],
      ['ports[0]', 'ports[UDP]'],
    ],
  ])('stays what it is when the API server fills in the protocol of %j', (ports, expected) => {
    const filled = ports.map((port) => ({
      ...port,
      protocol: ('protocol' in port && port.protocol) || 'TCP',
    }));
    for (const root of [{ ports }, { ports: filled }])
      expect(ports.map((_, index) => locator(root, ['ports', index]))).toEqual(expected);
  });
});

describe('jsonPointer', () => {
  it('escapes what RFC 6901 escapes', () => {
    expect(jsonPointer(['metadata', 'labels', 'a/b~c', 0])).toBe('/metadata/labels/a~1b~0c/0');
  });

  it('can always be taken apart again', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (path) => {
        const steps = jsonPointer(path).split('/').slice(1);
        expect(steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))).toEqual(path);
      }),
    );
  });
});

describe('messages', () => {
  const fill = (text: string, data: Readonly<Record<string, unknown>>): string =>
    fillTemplate(parseTemplate(text), (name) => property(data, name));

  it('fill placeholders from own properties alone', () => {
    expect(fill('{a} and {b} and {constructor}', { a: 'x', b: 2 })).toBe('x and 2 and ?');
  });

  it('stay on one line whatever a name holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        // eslint-disable-next-line no-control-regex -- that none is left is what is tested
        expect(fill('{name}', { name })).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
      }),
    );
    expect(printable('a\u001b[31mb')).toBe('a?[31mb');
  });

  it('cut what is too long', () => {
    expect(printable('é'.repeat(500)).length).toBe(120);
  });
});
