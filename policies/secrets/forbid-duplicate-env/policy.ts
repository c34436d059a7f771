import { definePolicy, list, text, type EnvVar } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-duplicate-env',
  category: 'secrets',
  title: 'Forbid the same variable twice',
  severity: 'medium',
  target: 'container',
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({}),
  messages: {
    twice:
      '{container} sets the variable {variable} again: this one wins over number {first} without a word.',
    reused:
      '{container} sets the variable {variable} again, after another variable has used its first value.',
  },
  why: 'The later of two variables of one name wins silently: whoever edits the first, perhaps to replace a credential, changes nothing.',
  remediation: {
    twice: 'Remove one of the two.',
    reused: 'Give the two variables different names.',
  },
  references: [
    'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables',
  ],
  validate({ container, at }, { report }) {
    const env = list(container.env);
    if (!mayRepeat(env)) return;
    const seen = new Map<string, number>();
    for (let index = 0; index < env.length; index++) {
      const variable = text(env[index]?.name);
      if (variable === undefined || variable === '') continue;
      const first = seen.get(variable);
      if (first === undefined) {
        seen.set(variable, index);
      } else if (isUsedBetween(env, variable, first, index)) {
        report({ message: 'reused', at: at('env', index, 'name'), data: { variable } });
      } else {
        report({ message: 'twice', at: at('env', index, 'name'), data: { variable, first: first + 1 } });
      }
    }
  },
  fix: {
    safety: 'suggestion',
    resolves: ['twice'],
    apply(container) {
      const env = list(container.env as readonly EnvVar[] | null | undefined);
      // The last one is what the container gets today. Earlier ones that another variable refers to stay.
      container.env = env.filter(
        (variable, index) =>
          text(variable.name) === undefined ||
          !env.some(
            ({ name }, later) =>
              later > index &&
              name === variable.name &&
              name !== '' &&
              !isUsedBetween(env, name ?? '', index, later),
          ),
      );
    },
  },
});

/** Most containers have a few variables: those are compared with each other faster than a map is filled. */
const few = 16;

function mayRepeat(env: readonly EnvVar[]): boolean {
  if (env.length > few) return true;
  for (let index = 1; index < env.length; index++) {
    const name = text(env[index]?.name);
    for (let before = 0; before < index; before++) if (env[before]?.name === name) return true;
  }
  return false;
}

/**
 * Whether $(NAME) stands between the two, where it means the first; what comes before it is not resolved, and $$ is
 * a dollar that begins no reference.
 *
 * Source: Expand in kubernetes/third_party/forked/golang/expansion.
 */
function isUsedBetween(env: readonly EnvVar[], name: string, first: number, second: number): boolean {
  const reference = `$(${name})`;
  for (let index = first + 1; index <= second; index++) {
    if (text(env[index]?.value)?.replaceAll('$$', '').includes(reference) === true) return true;
  }
  return false;
}
