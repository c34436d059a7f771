import { describe, expect, it } from 'vitest';
import { refusal } from '../../src/cluster/cluster-error.ts';

const server = 'https://api';

describe('what is forbidden', () => {
  const says = (verb: string, target: string, namespace?: string): string =>
    refusal(
      { verb, target, server, namespace },
      403,
      { message: `User "ops" cannot ${verb}` },
      false,
    ).message.replace(/^.*\(403\): /, '');

  it.each([
    [says('list', 'pods'), 'ClusterRole', 'list pods --all-namespaces --as ops'],
    [says('list', 'pods in namespace shop', 'shop'), 'Role', 'list pods -n shop --as ops'],
    [says('get', 'secrets "tls" in namespace shop', 'shop'), 'Role', 'get secrets/tls -n shop --as ops'],
    [says('get', 'namespaces "shop"'), 'ClusterRole', 'get namespaces/shop --as ops'],
    [says('get', '/version'), 'ClusterRole', 'get /version --as ops'],
  ])('%s', (message, role, check) => {
    expect(message).toContain(`ops needs a ${role} with the verb `);
    expect(message).toContain(`; kubectl auth can-i ${check} tells whether it has`);
  });
});
