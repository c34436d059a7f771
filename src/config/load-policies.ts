import { statSync } from 'node:fs';
import { registerHooks, type ResolveFnOutput } from 'node:module';
import { relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isRecord, type Policy } from '#sdk';
import { fileProblem, UserError } from '../errors.ts';
import { demandPlainFile } from '../plain-file.ts';
import { importProblem } from './import-problem.ts';
import { policyProblems } from './policy-shape.ts';

let hooked = false;

/** What a policy of a team may import, even where there is no node_modules: the running daygate's SDK, and zod. */
function provideSdk(): void {
  if (hooked) return;
  hooked = true;
  const provided: Readonly<Record<string, string>> = {
    'daygate/sdk': import.meta.resolve('#sdk'),
    zod: import.meta.resolve('zod'),
  };
  registerHooks({
    resolve: (specifier, context, next) => {
      const own = Object.hasOwn(provided, specifier) ? provided[specifier] : undefined;
      if (own !== undefined) return { url: own, shortCircuit: true };
      const found = asModule(next(specifier, context));
      const [, edition] = editionPattern.exec(context.parentURL ?? '') ?? [];
      return edition === undefined || !isOfTeam(found.url)
        ? found
        : { ...found, url: inEdition(found.url, edition) };
    },
  });
}

/** Policies are modules, also where a package.json, as npm init writes it, says that its files are CommonJS. */
function asModule(found: ResolveFnOutput): ResolveFnOutput {
  const isCommon = found.format === 'commonjs-typescript' && isOfTeam(found.url);
  return isCommon && !new URL(found.url).pathname.endsWith('.cts')
    ? { ...found, format: 'module-typescript' }
    : found;
}

const editionPattern = /\?daygate-edition=([\w-]+)$/;

/** Node.js never reads again what it has imported once; under another address it does, and what that imports too. */
function inEdition(address: string, edition: string): string {
  return editionPattern.test(address) ? address : `${address}?daygate-edition=${edition}`;
}

function isOfTeam(address: string): boolean {
  return address.startsWith('file:') && !address.includes('/node_modules/');
}

/** Files of policies in a folder: every policy.ts at any depth, and every .ts file right in the folder. */
const patterns = ['**/policy.{ts,mts,js,mjs}', '*.{ts,mts,js,mjs}'];
const ignored = ['**/node_modules/**', '**/*.d.ts', '**/*.d.mts', '**/*.test.*'];

/** A policy and the file it comes from. */
export interface LoadedPolicy {
  readonly file: string;
  readonly policy: Policy;
}

interface LoadOptions {
  /** Which files there are, where that is known already. */
  readonly files?: readonly string[] | undefined;
  /** Called before a file is run: it may never come back. */
  readonly onFile?: (file: string, address: string) => void;
  /** Names these files as they are now, where others of the same names may have been loaded before. */
  readonly edition?: string | undefined;
}

/**
 * Loads a team's own policies: each file exports one by default. TypeScript is run as it is, its types stripped.
 * `profiles` are all there are.
 *
 * @throws UserError `policies` with all that is wrong, one mistake a line: a folder that is none or holds none, a file
 *   that cannot be run or exports no policy, an id that is taken; `not-found` for a folder that does not exist.
 */
export async function loadPolicies(
  folders: readonly string[],
  builtIn: readonly Pick<Policy, 'id'>[],
  profiles: readonly string[],
  { files, onFile, edition }: LoadOptions = {},
): Promise<readonly LoadedPolicy[]> {
  if (folders.length === 0) return [];
  provideSdk();
  const problems: string[] = [];
  const exported: { readonly file: string; readonly value: unknown }[] = [];
  for (const file of files ?? (await policyFilesIn(folders))) {
    const plain = pathToFileURL(resolve(file)).href;
    const address = edition === undefined ? plain : inEdition(plain, edition);
    onFile?.(file, address);
    try {
      demandPlainFile(file);
    } catch (error) {
      problems.push(`policies ${file}: ${fileProblem(error)}`);
      continue;
    }
    try {
      const module = (await import(address)) as { readonly default?: unknown };
      exported.push({ file, value: module.default });
    } catch (error) {
      problems.push(`policies ${file}: cannot be loaded: ${importProblem(error)}`);
    }
  }
  const ids = [...builtIn, ...exported.map(({ value }) => value)].flatMap((value) =>
    isRecord(value) && typeof value['id'] === 'string' ? value['id'] : [],
  );
  // Whoever gives no ids of the policies that ship has looked already.
  const names = { ids: builtIn.length === 0 ? [] : ids, profiles };
  const taken = new Map(builtIn.map(({ id }) => [id, 'daygate itself']));
  const loaded: LoadedPolicy[] = [];
  for (const { file, value } of exported) {
    const own = policyProblems(value, names);
    problems.push(...own.map((problem) => `policies ${file}: ${problem}`));
    if (own.length > 0) continue;
    const policy = value as Policy;
    const first = taken.get(policy.id);
    if (first !== undefined) problems.push(`policies ${file}: the id ${policy.id} is taken by ${first}`);
    taken.set(policy.id, file);
    loaded.push({ file, policy });
  }
  if (problems.length > 0) throw new UserError('policies', problems.join('\n'));
  return loaded;
}

async function policyFilesIn(folders: readonly string[]): Promise<readonly string[]> {
  const { matchFiles } = await import('../match-files.ts');
  const found = new Set<string>();
  for (const folder of folders) {
    demandFolder(folder);
    const { files, unread } = matchFiles(patterns, { cwd: folder, ignore: ignored, absolute: true });
    const [closed] = unread;
    if (closed !== undefined) throw wrong(shownPath(resolve(closed.folder)), closed.problem);
    if (files.length === 0) throw wrong(folder, 'there is no policy.ts in this folder');
    for (const file of files.toSorted()) found.add(shownPath(file));
  }
  return [...found];
}

/** As its reader would name it. */
function shownPath(file: string): string {
  const path = relative('', file);
  return path.startsWith('..') ? file : path;
}

function demandFolder(folder: string): void {
  let isFolder: boolean;
  try {
    isFolder = statSync(folder).isDirectory();
  } catch (error) {
    throw new UserError('not-found', `policies ${folder}: ${fileProblem(error)}`, folder);
  }
  if (!isFolder) throw wrong(folder, 'expected a folder');
}

function wrong(file: string, message: string): UserError {
  return new UserError('policies', `policies ${file}: ${message}`, file);
}
