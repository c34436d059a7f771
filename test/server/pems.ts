import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import type { CertificateFiles } from '../../src/server/certificate.ts';
import { afterAll } from 'vitest';

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

const common = { keyType: 'ec', algorithm: 'sha256' } as const;

export async function makeCa(notAfterDate?: Date): Promise<Pair> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: `CA ${Math.random()}` }], {
    ...common,
    ...(notAfterDate === undefined ? {} : { notAfterDate, notBeforeDate: new Date(0) }),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  return { cert, key };
}

/** A certificate for 127.0.0.1, for servers and clients alike. */
export async function makeLeaf(ca: Pair, notAfterDate?: Date): Promise<Pair> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'leaf' }], {
    ...common,
    ca,
    ...(notAfterDate === undefined ? {} : { notAfterDate, notBeforeDate: new Date(0) }),
    extensions: [
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  });
  return { cert, key };
}

/** Writes certificate files as cert-manager and `daygate certs` name them. */
export function writePems(leaf: Pair, ca?: Pair, clientCa?: Pair, folder = newFolder()): CertificateFiles {
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return {
    cert: write('tls.crt', leaf.cert),
    key: write('tls.key', leaf.key),
    ...(ca === undefined ? {} : { ca: write('ca.crt', ca.cert) }),
    ...(clientCa === undefined ? {} : { clientCa: write('client-ca.crt', clientCa.cert) }),
  };
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes with the test file. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'daygate-tls-'));
  folders.push(folder);
  return folder;
}
