import {
  definePolicy,
  detectCredential,
  isDocument,
  list,
  property,
  records,
  scanText,
  text,
  type Credential,
  type EnvVar,
} from '#sdk';
import { z } from 'zod';

/** Longest value whose references are followed, in characters: connection strings are short. */
const longestComposed = 4096;
/** What may be a key of a Secret: IsConfigMapKey in k8s.io/apimachinery/pkg/util/validation. */
const secretKey = /^[-.\w]{1,253}$/;

export default definePolicy({
  id: 'forbid-secret-in-env',
  category: 'secrets',
  title: 'Forbid credentials in environment variables',
  severity: 'critical',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { baseline: 'deny' },
  params: z.strictObject({
    allowed: z
      .array(z.string().min(1))
      .default([])
      .describe('Names of variables that are known to hold no credential'),
    secretName: z
      .string()
      .min(1)
      .default('{name}-secrets')
      .describe('Secret that the suggested fix refers to; {name} is the name of the workload'),
  }),
  messages: {
    credential: 'The variable {variable} of {container} holds a credential in the clear: {credential}.',
    composed:
      'The variable {variable} of {container} is put together to a credential in the clear: {credential}.',
  },
  why: 'A value in a manifest can be read by everybody who may read the workload, and stays in the Git history, in etcd unencrypted, and in every backup of them.',
  remediation: {
    credential:
      'Revoke the credential, store a new one in a Secret, and write in place of value: valueFrom: { secretKeyRef: { name: NAME-OF-THE-SECRET, key: {variable} } }.',
    composed:
      'Revoke the credential, store a new one in a Secret, and give the variable that stands in $( ) valueFrom.secretKeyRef in place of value.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
    'https://kubernetes.io/docs/tasks/inject-data-application/distribute-credentials-secure/',
  ],
  validate({ container, at }, { params, report }) {
    const env = list(container.env);
    const literals = literalsOf(env);
    for (let index = 0; index < env.length; index++) {
      const value: unknown = env[index]?.value;
      if (typeof value !== 'string') continue;
      const name = text(env[index]?.name);
      // Nearly no value refers to another variable; only those pay for a second look.
      const own = detectOwn(name, value);
      const refers = value.length <= longestComposed && value.includes('$(');
      const found = own ?? (refers ? detectCredential({ name, value, resolve: literals(index) }) : undefined);
      if (found === undefined) continue;
      const variable = name ?? `number ${index + 1}`;
      if (params.allowed.includes(variable)) continue;
      const message = own === undefined ? 'composed' : 'credential';
      const data = { variable, credential: found.kind };
      report({ message, at: at('env', index, 'value'), data, secret: found.secret });
    }
  },
  fix: {
    safety: 'suggestion',
    resolves: ['credential'],
    apply(container, { params, subject }) {
      // A name made by generateName ends in a dash.
      const workload = subject.pod.workload.name.replace(/-$/, '');
      if (workload === '') return;
      const secret = params.secretName.replaceAll('{name}', workload);
      for (const variable of records(container.env)) {
        const { name: key, value } = variable;
        if (typeof key !== 'string' || !secretKey.test(key) || params.allowed.includes(key)) continue;
        if (typeof value !== 'string' || detectOwn(key, value) === undefined) continue;
        delete variable.value;
        variable.valueFrom = { secretKeyRef: { name: secret, key } };
      }
    },
  },
});

function detectOwn(name: string | undefined, value: string): Credential | undefined {
  const found = detectCredential({ name, value });
  return found ?? (isDocument(value) ? scanText(name ?? '', value)[0] : undefined);
}

/**
 * What the kubelet would put for each `$(VAR)` in the variable with this index: the variable of that name defined
 * before, where it is literal text. One that holds a credential itself has its own finding, and what refers to it is
 * right once that is mended. To be asked with rising indexes.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
function literalsOf(env: readonly EnvVar[]): (index: number) => (variable: string) => string | undefined {
  const known = new Map<unknown, unknown>();
  let next = 0;
  const resolve = (variable: string): string | undefined => {
    const literal = known.get(variable);
    if (typeof literal !== 'string') return undefined;
    if (detectOwn(variable, literal) === undefined) return literal;
    known.delete(variable);
    return undefined;
  };
  return (index) => {
    for (; next < index; next++) known.set(property(env[next], 'name'), env[next]?.value);
    return resolve;
  };
}
