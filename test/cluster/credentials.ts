import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface User {
  readonly name: string;
  readonly groups?: readonly string[];
}

export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

// Elliptic curves: an RSA key of 2048 bits takes up to half a second here, and a cluster needs five keys.
const keyOptions = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

export async function createCertificateAuthority(): Promise<KeyAndCertificate> {
  const pems = await generate([{ name: 'commonName', value: 'daygate-test-ca' }], {
    ...keyOptions,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { key: pems.private, cert: pems.cert };
}

export async function createServerCertificate(ca: KeyAndCertificate): Promise<KeyAndCertificate> {
  const pems = await generate([{ name: 'commonName', value: 'kube-apiserver' }], {
    ...keyOptions,
    ca,
    extensions: [
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
          { type: 2, value: 'kubernetes.default.svc' },
        ],
      },
    ],
  });
  return { key: pems.private, cert: pems.cert };
}

/** The API server reads the user from the common name and the groups from the organizations. */
export async function createClientCertificate(ca: KeyAndCertificate, user: User): Promise<KeyAndCertificate> {
  const groups = (user.groups ?? []).map((value) => ({ name: 'organizationName', value }));
  const pems = await generate([{ name: 'commonName', value: user.name }, ...groups], {
    ...keyOptions,
    ca,
    extensions: [{ name: 'extKeyUsage', clientAuth: true }],
  });
  return { key: pems.private, cert: pems.cert };
}

/** Writes the key pair that signs and checks the tokens of service accounts. */
export async function writeServiceAccountKeys(directory: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const paths = { publicFile: join(directory, 'sa.pub'), privateFile: join(directory, 'sa.key') };
  await writeFile(paths.publicFile, publicKey);
  await writeFile(paths.privateFile, privateKey);
  return paths;
}

/** A kubeconfig that carries its certificates: JSON, which is YAML. */
export function formatKubeconfig(
  serverUrl: string,
  caCert: string,
  user: User,
  client: KeyAndCertificate,
): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'test', cluster: { server: serverUrl, 'certificate-authority-data': base64(caCert) } },
    ],
    users: [
      {
        name: user.name,
        user: { 'client-certificate-data': base64(client.cert), 'client-key-data': base64(client.key) },
      },
    ],
    contexts: [{ name: 'test', context: { cluster: 'test', user: user.name } }],
    'current-context': 'test',
  });
}
