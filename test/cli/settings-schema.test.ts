import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { policies } from '../../policies/index.ts';
import { showSettings } from '../../src/cli/settings.ts';
import { collectedIo } from './collected-io.ts';
import { now } from './run-check.ts';
import { settings } from './team-settings.ts';

describe('the schema of the settings', () => {
  const root = join(import.meta.dirname, '../..');
  const schema = async (): Promise<Record<string, unknown>> => {
    const { io, out } = collectedIo(now);
    expect(await showSettings(undefined, { schema: true }, policies, io)).toBe(0);
    return JSON.parse(out()) as Record<string, unknown>;
  };

  it('is what --schema prints', async () => {
    expect(await schema()).toEqual(JSON.parse(readFileSync(join(root, 'docs/settings.schema.json'), 'utf8')));
  });

  it('describes every key', async () => {
    const nameless: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === 'properties') {
          for (const [name, property] of Object.entries(value as Record<string, { description?: string }>)) {
            if ((property.description ?? '') === '') nameless.push(`${path}.${name}`);
          }
        }
        visit(value, `${path}.${key}`);
      }
    };
    visit(await schema(), '');
    expect(nameless).toEqual([]);
  });

  it('takes what daygate takes and objects where daygate does', async () => {
    const said: string[] = [];
    const tell = (...words: readonly unknown[]): void => void said.push(words.join(' '));
    const validate = new Ajv2020({
      strict: false,
      formats: { date: true, uri: true },
      logger: { log: tell, warn: tell, error: tell },
    }).compile(await schema());
    expect(said).toEqual([]);
    // As `base64 ca.pem` writes it.
    const bundle = 'webhook:\n  caBundle: |\n    LS0tLS1CRUdJTiBD\n    RVJUSUZJQ0FURQ==\n';
    const good = [settings, 'policies: { require-replicas: off }', '{}', bundle].concat(
      ['examples/settings/daygate.yaml', 'test/render/own-chart/daygate.yaml'].map((file) =>
        readFileSync(join(root, file), 'utf8'),
      ),
    );
    for (const text of good) expect([validate(parse(text)), validate.errors]).toEqual([true, null]);
    const bad = [
      'profil: x',
      'policies: { require-replicas: { params: { mn: 3 } } }',
      'policies: { require-replicas: { params: { min: x } } }',
      'policies: { require-replicas: dney }',
      'policies: { own-policy: { action: dney } }',
      'profiles: { team: { policies: { require-replicas: { params: { mn: 3 } } } } }',
      'exceptions: [{ policies: [a] }]',
      'exemptNamespaces: [kube-system, "team-*"]',
      'enforcement: { namespaces: { "shop ": enforce } }',
      'webhook: { namespace: Guard }',
      'webhook: { caBundle: ca.pem }',
    ];
    for (const text of bad) expect([text, validate(parse(text))]).toEqual([text, false]);
  });
});
