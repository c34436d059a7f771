import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';

const home = mkdtempSync(join(tmpdir(), 'daygate-home-'));
afterAll(() => rmSync(home, { recursive: true }));
const nowhere = { HOME: join(home, 'empty') };

function write(name: string, text: string): string {
  const file = join(home, name);
  writeFileSync(file, text);
  return file;
}

/** A kubeconfig with a context, cluster and user of this name. */
function named(name: string, server = `https://${name}:6443`): string {
  return JSON.stringify({
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: { token: 'planted-token-value' } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: `of-${name}` } }],
    'current-context': name,
  });
}
const [one, two] = [write('one', named('one')), write('two', named('two'))];

describe('the kubeconfig', () => {
  it('is the file that is named, before KUBECONFIG, before ~/.kube/config', () => {
    mkdirSync(join(home, '.kube'));
    writeFileSync(join(home, '.kube/config'), named('home'));
    const current = (kubeconfig: string | undefined, environment: NodeJS.ProcessEnv): string =>
      loadKubeconfig({ kubeconfig }, environment).currentContext;
    expect(current(one, { HOME: home, KUBECONFIG: two })).toBe('one');
    expect(current(undefined, { HOME: home, KUBECONFIG: two })).toBe('two');
    expect(current(undefined, { HOME: home })).toBe('home');
  });

  it('is all files of KUBECONFIG that exist, of which the first counts', () => {
    const KUBECONFIG = [join(home, 'missing'), one, write('again', named('one', 'https://other')), two].join(
      delimiter,
    );
    const config = loadKubeconfig({ context: 'two' }, { KUBECONFIG });
    expect(config.clusters.map(({ server }) => server)).toEqual(['https://one:6443', 'https://two:6443']);
    expect(config.getCurrentCluster()?.server).toBe('https://two:6443');
  });

  const wrong: readonly (readonly [string, Parameters<typeof loadKubeconfig>, RegExp])[] = [
    ['there is none at all', [{}, nowhere], /no cluster to talk to: there is neither --kubeconfig nor/],
    ['KUBECONFIG leads nowhere', [{}, { KUBECONFIG: '/nowhere' }], /^KUBECONFIG=\/nowhere: no such file/],
    ['the file is missing', [{ kubeconfig: '/nowhere' }, {}], /^\/nowhere: no such file or folder$/],
    ['it is a folder', [{ kubeconfig: home }, {}], /is a folder$/],
    ['it is empty', [{ kubeconfig: write('empty-file', '') }, {}], /is no kubeconfig/],
    [
      'it is no YAML',
      [{ kubeconfig: write('broken', 'token: [planted-token-value') }, {}],
      /is no kubeconfig/,
    ],
    [
      'it is a list',
      [{ kubeconfig: write('list', '[planted-token-value]') }, {}],
      /names no current context/,
    ],
    ['the context is unknown', [{ kubeconfig: one, context: 'x' }, {}], /has no context x; it has one$/],
    [
      'the cluster of the context is missing',
      [
        {
          kubeconfig: write(
            'half',
            JSON.stringify({
              contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
              'current-context': 'x',
            }),
          ),
        },
        {},
      ],
      /the cluster of context x is not in it$/,
    ],
    [
      'a password is in the address',
      [{ kubeconfig: write('url', named('x', 'https://user:planted-token-value@host')) }, {}],
      /without user and password$/,
    ],
    [
      'the address is none',
      [{ kubeconfig: write('ftp', named('x', 'host:6443')) }, {}],
      /must be an address such as/,
    ],
  ];
  it.each(wrong)('is refused where %s, and nothing of it is quoted', (_case, args, says) => {
    expect(() => loadKubeconfig(...args)).toThrow(expect.objectContaining({ code: 'kubeconfig' }));
    expect(() => loadKubeconfig(...args)).toThrow(says);
    expect(() => loadKubeconfig(...args)).not.toThrow(/planted-token-value/);
  });
});
