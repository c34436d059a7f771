import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { issueLeaf, makeAuthority, validFrom, type KeyPair } from '../../src/x509/issue.ts';

export interface User {
  readonly name: string;
  readonly groups?: readonly string[];
}

const validity = validFrom(Date.now(), 365);

export function createCertificateAuthority(): Promise<KeyPair> {
  return makeAuthority([{ name: 'commonName', value: 'daygate-test-ca' }], validity);
}

export function createServerCertificate(ca: KeyPair): Promise<KeyPair> {
  return issueLeaf(ca, ['127.0.0.1', 'localhost', 'kubernetes.default.svc'], validity);
}

/** The API server reads the user from the common name and the groups from the organizations. */
export async function createClientCertificate(ca: KeyPair, user: User): Promise<KeyPair> {
  const groups = (user.groups ?? []).map((value) => ({ name: 'organizationName', value }));
  const pems = await generate([{ name: 'commonName', value: user.name }, ...groups], {
    // As all keys here: an RSA key of 2048 bits takes up to half a second, and a cluster needs five keys.
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
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
export function formatKubeconfig(serverUrl: string, caCert: string, user: User, client: KeyPair): string {
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
