import { z } from 'zod';
import { builtinProfiles } from '../../engine/profiles.ts';
import type { PolicyFolder } from '../fixtures.ts';

/** What a policy says of itself is complete, in one form for all of them. */
export function metadata({ policy, own }: PolicyFolder): readonly string[] {
  const { id, title, why, messages, remediation, references, profiles, fix } = policy;
  const objections: string[] = [];
  const want = (holds: boolean, words: string): void => {
    if (!holds) objections.push(words);
  };
  want(
    /^(?:require|forbid|bound|prefer|inherit)(?:-[a-z0-9]+)+$/.test(id),
    `the id ${id} does not begin with require-, forbid-, bound-, prefer- or inherit-`,
  );
  want(
    /^[A-Z].*[^.]$/.test(title),
    'the title is no phrase that begins with a capital and ends without a full stop',
  );
  want(why.endsWith('.'), 'why is no sentence');
  want(references.length > 0, 'there is no reference');
  for (const page of references)
    want(URL.canParse(page) && page.startsWith('https:'), `${page} is no https address`);
  for (const name of Object.keys(profiles))
    want(own || Object.hasOwn(builtinProfiles, name), `there is no profile ${name}`);
  for (const [message, text] of Object.entries(messages)) {
    want(/[.!?]$/.test(text), `the message ${message} is no sentence`);
    const remedy = typeof remediation === 'string' ? remediation : (remediation[message] ?? '');
    want(remedy.endsWith('.'), `the remediation of ${message} is no sentence`);
  }
  for (const message of fix?.resolves ?? []) {
    want(Object.hasOwn(messages, message), `the fix resolves ${message}, which is no message`);
  }
  return [...objections, ...parameterObjections(policy)];
}

function parameterObjections({ params, fix }: PolicyFolder['policy']): readonly string[] {
  const objections: string[] = [];
  const { success } = params.safeParse({});
  if (!success)
    objections.push('without parameters it does not run: every one needs a default or is optional');
  if (params.safeParse({ noSuchParameter: true }).success)
    objections.push('unknown parameters pass: use z.strictObject');
  const { properties = {} } = z.toJSONSchema(params, { io: 'input' });
  for (const [name, property] of Object.entries(properties)) {
    const description = typeof property === 'object' ? (property.description ?? '') : '';
    if (description === '') objections.push(`the parameter ${name} has no description`);
  }
  for (const name of fix?.requires ?? []) {
    if (!Object.hasOwn(properties, name)) objections.push(`the fix requires ${name}, which is no parameter`);
  }
  return objections;
}
