import { detectCredential, scanText } from '#sdk';

const secretFields: ReadonlySet<string> = new Set([
  'data',
  'stringData',
  'binaryData',
  'annotations',
  'args',
  'command',
  'httpHeaders',
]);
/** Names of custom resources' fields whose text is a credential; references end in Name, Ref or Key instead. */
const secretName =
  /(?:password|passwd|passphrase|token|api_?key|private_?key|credentials?|connection_?string)$/i;

/** Where a value stands: anywhere, inside the list of variables, whose `value` is a secret, or where everything is. */
export type SecretPlace = 'open' | 'env' | 'secret';

/** Whether a field may hold secrets, whatever is in it. */
export function isSecretField(name: string): boolean {
  return secretFields.has(name) || secretName.test(name);
}

/**
 * The place of a field's value.
 *
 * @param value where it is a text
 * @param sibling the text of the field `name` beside it, which names a variable or a parameter
 */
export function placeOfField(
  above: SecretPlace,
  name: string,
  value: string | undefined,
  isScalar: boolean,
  sibling: string | undefined,
): SecretPlace {
  if (above === 'secret' || secretFields.has(name)) return 'secret';
  if (above === 'env' && name === 'value') return 'secret';
  if (name === 'env') return 'env';
  if (value !== undefined && isCredential(name === 'value' ? (sibling ?? name) : name, value))
    return 'secret';
  return above === 'env' && !isScalar ? 'env' : 'open';
}

function isCredential(name: string, value: string): boolean {
  if (secretName.test(name) || detectCredential({ name, value }) !== undefined) return true;
  // The values of a chart, as Argo CD and Flux have them, are documents of their own.
  return value.includes('\n') && scanText(name, value).length > 0;
}
