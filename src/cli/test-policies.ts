import { dirname } from 'node:path';
import { redact, type Policy } from '#sdk';
import { loadPolicies, type LoadedPolicy } from '../config/load-policies.ts';
import { nearest } from '../engine/nearest.ts';
import { UserError } from '../errors.ts';
import { checks } from '../policy-test/checks.ts';
import { readOwnFolder } from '../policy-test/fixtures.ts';
import { paintFor, type Io } from './io.ts';

/** What a policy did not stand. */
interface Objection {
  /** The sentence that should hold: `finds what its fixtures record`. */
  readonly check: string;
  readonly message: string;
}

interface Tested {
  readonly policy: string;
  readonly file: string;
  readonly fixtures: number;
  readonly objections: readonly Objection[];
}

/**
 * Tests the policies of folders on their fixtures, as those that ship with daygate are tested; returns the exit code:
 * 0 where nothing is objected to, 1 otherwise, 2 where a policy cannot be loaded.
 */
export async function testPolicies(
  folders: readonly string[],
  { output }: { readonly output: string },
  builtIn: readonly Policy[],
  io: Io,
): Promise<number> {
  if (output !== 'text' && output !== 'json') {
    throw new UserError('usage', `there is no output format ${output}${nearest(output, ['text', 'json'])} (known: text, json)`); // prettier-ignore
  }
  if (folders.length === 0) {
    throw new UserError('usage', 'no policies to test: name a folder, or policyFolders in the settings');
  }
  const loaded = await loadPolicies(folders, builtIn);
  const library = [...builtIn, ...loaded.map(({ policy }) => policy)];
  const tested = loaded.map((one) => testPolicy(one, library));
  io.out(output === 'json' ? `${JSON.stringify(tested, null, 2)}\n` : textOf(tested, io));
  return tested.some(({ objections }) => objections.length > 0) ? 1 : 0;
}

function testPolicy({ file, policy }: LoadedPolicy, library: readonly Policy[]): Tested {
  const folder = readOwnFolder(policy, dirname(file));
  const objections = Object.entries(checks).flatMap(([check, run]) =>
    // Objections quote the fixtures.
    run(folder, library).map((message) => ({ check, message: redact(message) })),
  );
  return { policy: policy.id, file, fixtures: folder.fixtures.length, objections };
}

function textOf(tested: readonly Tested[], io: Io): string {
  const paint = paintFor(io);
  const lines = tested.flatMap(({ policy, file, fixtures, objections }) => {
    if (objections.length === 0)
      return [`${paint.green('ok  ')} ${policy} ${paint.dim(`(${fixtures} fixtures)`)}`];
    const byCheck = Map.groupBy(objections, ({ check }) => check);
    return [
      `${paint.red('fail')} ${paint.bold(policy)} ${paint.dim(file)}`,
      ...[...byCheck].flatMap(([check, own]) => [
        `     it ${check}: ${paint.red('no')}`,
        ...own.map(({ message }) => `       ${message}`),
      ]),
    ];
  });
  const failed = tested.filter(({ objections }) => objections.length > 0).length;
  return `${lines.join('\n')}\n\n${tested.length - failed} passed, ${failed} failed\n`;
}
