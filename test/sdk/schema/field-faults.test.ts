import { describe, expect, it } from 'vitest';
import { fieldFaults, guessField, type StructType } from '#sdk';
import { schemasFor } from '../../../src/schemas/schemas.ts';

function schemaOf(apiVersion: string, kind: string): StructType {
  const found = schemasFor(36, []).find(apiVersion, kind);
  if (typeof found === 'string' || found.struct === undefined) throw new Error(`no schema of ${kind}`);
  return found.struct;
}

const pod = schemaOf('v1', 'Pod');
const deployment = schemaOf('apps/v1', 'Deployment');

function faultsOf(object: object, schema = pod): readonly string[] {
  return fieldFaults(object, schema, 36).map(({ is, path }) => `${is} ${path.join('.')}`);
}

function container(fields: object): object {
  return { spec: { containers: [{ name: 'a', ...fields }] } };
}

describe('values', () => {
  // Every answer is the API server's own: test/cluster/schema-oracle.test.ts asks it.
  it.each([
    [container({ tty: null, args: [null], ports: [null] })],
    [container({ resources: { limits: { cpu: 1, memory: '1Gi', 'example.com/a': '1e3' } } })],
    [container({ livenessProbe: { httpGet: { port: 'http' } } })],
    [container({ terminationMessagePath: '' })],
    [{ metadata: { creationTimestamp: '2024-02-29T23:59:59.5+01:00', generation: 2 ** 53 } }],
    [{ metadata: { creationTimestamp: '2024-02-29T23:59:59+24:60' } }],
    [container({ resources: { limits: { cpu: ' 1 ' } } })],
    [{ spec: { overhead: {}, nodeSelector: null } }],
  ])('of the right form pass: %j', (object) => {
    expect(faultsOf(object)).toEqual([]);
  });

  it.each([
    [{ metadata: 'a' }, 'metadata'],
    [{ metadata: { labels: { a: true } } }, 'metadata.labels.a'],
    [{ metadata: { creationTimestamp: '2023-02-29T00:00:00Z' } }, 'metadata.creationTimestamp'],
    [{ metadata: { creationTimestamp: '' } }, 'metadata.creationTimestamp'],
    [{ metadata: { generation: 2 ** 63 } }, 'metadata.generation'],
    [{ spec: { priority: 2 ** 31 } }, 'spec.priority'],
    [{ spec: [] }, 'spec'],
    [{ spec: { containers: {} } }, 'spec.containers'],
    [container({ tty: 'true' }), 'spec.containers.0.tty'],
    [container({ resources: { limits: { cpu: '' } } }), 'spec.containers.0.resources.limits.cpu'],
    // Where a block scalar ends in a line break.
    [container({ resources: { limits: { cpu: '1\n' } } }), 'spec.containers.0.resources.limits.cpu'],
    [
      container({ livenessProbe: { httpGet: { port: 1.5 } } }),
      'spec.containers.0.livenessProbe.httpGet.port',
    ],
  ])('of another form are found: %j', (object, path) => {
    expect(faultsOf(object)).toEqual([`wrongType ${path}`]);
  });

  it('are read as base64 where they are bytes', () => {
    const secret = schemaOf('v1', 'Secret');
    expect(faultsOf({ data: { a: 'YQ==', b: 'YW\nI=', c: '', d: null, e: [97, null] } }, secret)).toEqual([]);
    expect(faultsOf({ data: { a: 'YQ', b: 'a b', c: 5, d: [256] } }, secret)).toHaveLength(4);
  });

  it('are not looked into where nobody says what is in them', () => {
    const revision = schemaOf('apps/v1', 'ControllerRevision');
    expect(faultsOf({ data: { any: { thing: [1] } } }, revision)).toEqual([]);
  });
});

describe('guesses', () => {
  const guess = (object: object, schema: StructType): unknown => {
    const [fault] = fieldFaults(object, schema, 36);
    return fault?.is === 'unknown' ? guessField(fault, 36) : fault;
  };

  it.each([
    [{ spec: { replica: 1 } }, { is: 'misspelt', name: 'replicas', isFree: true }],
    [{ spec: { Replicas: 1, replicas: 2 } }, { is: 'misspelt', name: 'replicas', isFree: false }],
    [{ spec: { containers: [] } }, { is: 'misplaced', place: 'spec.template.spec' }],
    [{ spec: { template: { containers: [] } } }, { is: 'misplaced', place: 'spec.template.spec' }],
    [
      { spec: { resources: {} } },
      { is: 'misplaced', place: 'spec.template.spec, or rather in spec.template.spec.containers[]' },
    ],
    [{ replicas: 1 }, { is: 'misplaced', place: 'spec' }],
    [{ labels: {} }, { is: 'misplaced', place: 'metadata' }],
    [{ spec: { image: 'a' } }, { is: 'misplaced', place: 'spec.template.spec.containers[]' }],
    [
      { spec: { template: { spec: { env: [] } } } },
      { is: 'misplaced', place: 'spec.template.spec.containers[]' },
    ],
    [{ spec: { template: { spec: { replicas: 1 } } } }, { is: 'misplaced', place: 'spec' }],
    // A field that could not take the value is no place for it.
    [{ spec: { template: { spec: { replicas: 'a' } } } }, { is: 'unknown' }],
    [{ spec: { colour: 1 } }, { is: 'unknown' }],
    [{ spec: { minReady: 1 } }, { is: 'misspelt', name: 'minReadySeconds', isFree: true }],
  ])('%j', (object, expected) => {
    expect(guess(object, deployment)).toEqual(expected);
  });

  it('take no time on thousands of fields', () => {
    const spec = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`field${index}`, index]));
    expect(fieldFaults({ spec }, deployment, 36)).toHaveLength(5_000);
  });
});
