import {
  definePolicy,
  describeValue,
  expectation,
  fieldFaults,
  guessField,
  property,
  text,
  textOf,
  unquoted,
  type Field,
  type FieldFault,
  type FieldGuess,
  type KubernetesObject,
  type ObjectSchema,
  type Path,
} from '#sdk';
import { z } from 'zod';

/** Beyond these nobody needs a guess at what was meant: the object is another one altogether. */
const mostGuesses = 25;
/** Nor is a misspelt name often below another one. */
const deepest = 6;

export default definePolicy({
  id: 'forbid-unknown-field',
  category: 'schema',
  title: 'Forbid unknown fields',
  severity: 'high',
  target: 'object',
  kinds: ['Any'],
  needsSchema: true,
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({}),
  messages: {
    misspelt: 'There is no field {field} in {parent}: {meant} was probably meant.',
    misspeltValue:
      'There is no field {field} in {parent}: {meant} was probably meant, which takes {expected}.',
    misspeltTwin: 'There is no field {field} in {parent}, and {meant} is written as well.',
    misplaced: 'There is no field {field} in {parent}: it belongs in {place}.',
    unknown: 'There is no field {field} in {parent}.',
    otherVersion:
      'The field {field} in {parent} is there {releases}, and this is meant for Kubernetes 1.{minor}.',
    wrongType: '{field} takes {expected}, and here it is {found}.',
    quoted: '{field} takes {expected}, and here it is text in quotes.',
    needsQuotes: '{field} takes text, and without quotes it is {found} here.',
    patch: '{field} is an instruction of a patch, and this is judged as an object of its own.',
    noSuchKind: 'Kubernetes 1.{minor} has no {kind} in {apiVersion}: {meant} was probably meant.',
  },
  why: 'The API server drops a field that it does not know, often without a word: the manifest says one thing and the cluster does another. A value of the wrong type fails the whole apply.',
  remediation: {
    misspelt: 'Write {meant}.',
    misspeltValue: 'Write {meant}, with {expected}.',
    misspeltTwin: 'Remove {field}: {meant} is what counts.',
    misplaced: 'Move {field} to {place}.',
    unknown: 'Remove {field}, or look up in the API reference what it is called and where it goes.',
    otherVersion: 'Remove {field}, or say with --kubernetes which version this is meant for.',
    wrongType: 'Write {expected}.',
    quoted: 'Write it without the quotes.',
    needsQuotes: 'Put the value in quotes.',
    patch: 'Judge what kubectl kustomize makes of the patch, not the patch itself.',
    noSuchKind: 'Write the apiVersion and kind of {meant}.',
  },
  references: [
    'https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation',
    'https://kubernetes.io/docs/reference/kubernetes-api/',
  ],
  validate({ object, schema, kubernetesMinor: minor, writtenVersion: apiVersion }, { report }) {
    if (schema === undefined) return;
    if (schema.struct === undefined) {
      report({ message: 'noSuchKind', at: ['apiVersion'], data: { minor, apiVersion, meant: schema.meant } });
      return;
    }
    let guesses = 0;
    for (const fault of faultsOf(object, schema.struct, minor)) {
      const { path: at } = fault;
      const field = nameOf(at);
      if (fault.is === 'wrongType') {
        const expected = expectation(fault.type);
        if (unquoted(fault.value, fault.type) !== undefined) {
          report({ message: 'quoted', at, data: { field, expected } });
        } else {
          const found = describeValue(fault.value, fault.type);
          if (fault.type.is === 'string' && isScalar(fault.value))
            report({ message: 'needsQuotes', at, data: { field, found } });
          else report({ message: 'wrongType', at, data: { field, expected, found } });
        }
        continue;
      }
      if (instruction.test(field)) {
        report({ message: 'patch', at, data: { field } });
        continue;
      }
      const parent = textOf(at.slice(0, -1)) || 'the object itself';
      const guess: FieldGuess = guesses++ < mostGuesses ? guessField(fault, minor) : { is: 'unknown' };
      if (fault.elsewhen !== undefined) {
        const releases = releasesOf(fault.elsewhen);
        report({ message: 'otherVersion', at, data: { field, parent, minor, releases } });
      } else if (guess.is === 'misspelt') {
        const { name: meant, isFree, unfit } = guess;
        if (!isFree) report({ message: 'misspeltTwin', at, data: { field, parent, meant } });
        else if (unfit === undefined) report({ message: 'misspelt', at, data: { field, parent, meant } });
        else {
          const expected = expectation(unfit);
          report({ message: 'misspeltValue', at, data: { field, parent, meant, expected } });
        }
      } else if (guess.is === 'misplaced') {
        report({
          message: 'misplaced',
          at,
          data: { field, parent, place: guess.place || 'the object itself' },
        });
      } else report({ message: 'unknown', at, data: { field, parent } });
    }
  },
  fix: {
    safety: 'suggestion',
    resolves: ['misspelt', 'quoted'],
    apply(draft, { subject: { schema, kubernetesMinor } }) {
      if (schema?.struct === undefined) return;
      // What is below a field can be read once the field has its name.
      for (let depth = 0; depth < deepest; depth++) {
        const faults = faultsOf(draft, schema.struct, kubernetesMinor);
        if (faults.filter((fault) => mend(draft, fault, kubernetesMinor)).length === 0) return;
      }
    },
  },
});

const ciphertext = /^ENC\[AES256_GCM,data:.*\]$/s;

/** What sops has written is gone once it is decrypted, and what is applied is decrypted before. */
function faultsOf(
  object: KubernetesObject,
  struct: NonNullable<ObjectSchema['struct']>,
  minor: number,
): readonly FieldFault[] {
  const faults = fieldFaults(object, struct, minor);
  if (!isEncrypted(object)) return faults;
  return faults.filter(({ is, path, value }) =>
    is === 'unknown' ? path.length > 1 || path[0] !== 'sops' : !ciphertext.test(text(value) ?? ''),
  );
}

/** Source: https://getsops.io/docs/, the metadata of an encrypted file, which always has a `mac`. */
function isEncrypted(object: KubernetesObject): boolean {
  return text(property(property(object, 'sops'), 'mac')) !== undefined;
}

/** Renames a field whose right name is not taken and takes its value, and takes the quotes from a number or a boolean. */
function mend(draft: unknown, fault: FieldFault, minor: number): boolean {
  const name = fault.path.at(-1);
  const parent = fault.path
    .slice(0, -1)
    .reduce<unknown>((value, step) => (value as Members)[step], draft) as Members;
  if (name === undefined) return false;
  if (fault.is === 'wrongType') {
    const value = unquoted(fault.value, fault.type);
    if (value !== undefined) parent[name] = value;
    return value !== undefined;
  }
  const guess = fault.elsewhen === undefined ? guessField(fault, minor) : undefined;
  if (guess?.is !== 'misspelt' || guess.unfit !== undefined || Object.hasOwn(parent, guess.name))
    return false;
  parent[guess.name] = parent[name];
  return Reflect.deleteProperty(parent, name);
}

type Members = Record<string | number, unknown>;

/** What a strategic merge patch says of its lists and mappings. Source: apimachinery, strategicpatch/patch.go. */
const instruction = /^\$(?:patch$|retainKeys$|setElementOrder\/|deleteFromPrimitiveList\/)/;

function isScalar(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

/** The field a path leads to; an item of a list is called by the list. */
function nameOf(path: Path): string {
  const last = path.at(-1);
  return typeof last === 'number' ? `${nameOf(path.slice(0, -1))}[]` : (last ?? 'the object');
}

function releasesOf({ since, until }: Field): string {
  if (since === undefined) return `up to 1.${String(until)}`;
  if (until === undefined) return `from 1.${since} on`;
  return since === until ? `in 1.${since} only` : `from 1.${since} to 1.${until}`;
}
