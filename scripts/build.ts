/**
 * Writes dist/, what the package carries: Node strips no types below node_modules. The code goes into a few files with
 * the parts of the libraries that `check` uses, since a short run spends most of its time on loading: zod alone is a
 * hundred files. All of them are dependencies of the package still, so that `npm audit` sees them and a team's policies
 * find the same zod; what only the server loads stays outside. Of the Kubernetes client a tenth is used: whole, it takes
 * 70 MiB and 0.4 s to load.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { rolldown, type ChunkingContext, type Plugin } from 'rolldown';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const sdk = join(root, 'src/sdk/index.ts');

rmSync(dist, { recursive: true, force: true });

const bundle = await rolldown({
  cwd: root,
  input: {
    main: join(root, 'src/main.ts'),
    sdk,
    // `check` and `serve` start these by their files.
    'judging-thread': join(root, 'src/judging-thread.ts'),
    'sandboxed-process': join(root, 'src/server/sandbox/sandboxed-process.ts'),
  },
  platform: 'node',
  plugins: [loadedAtUse('node:child_process', ['spawn', 'execFile', 'spawnSync'])],
  // The same code as modules: what a run does not need of it costs nothing.
  resolve: { alias: { '#sdk': sdk, yaml: join(root, 'node_modules/yaml/browser/dist/index.js') } },
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  // A ninth of zod and the SDK stays only because reading a property of a module could do something.
  treeshake: {
    propertyReadSideEffects: false,
    moduleSideEffects: (id) => !/node_modules.@kubernetes/.test(id),
  },
  external: (id, importer = '') =>
    /^(?:node:(?!child_process)|fastify|pino|prom-client|selfsigned|@opentelemetry)/.test(id) ||
    // `daygate test` reads the models of all kinds.
    (id.startsWith('@kubernetes') && importer.includes('policy-test')),
});
// One file each for what every command loads, for the SDK, and for what `check` loads besides.
const { output } = await bundle.write({
  dir: dist,
  format: 'esm',
  chunkFileNames: '[name].js',
  codeSplitting: {
    groups: [
      loadedBy('sdk', sdk),
      loadedBy('start', join(root, 'src/main.ts')),
      loadedBy('check', join(root, 'src/cli/check.ts')),
    ],
  },
});

// Node reads a file of ASCII faster, and keeps it in half the space. In String.raw an escape stays one: RegExp reads it, and
// all texts of that sort are for RegExp.
for (const { fileName, ...rest } of output)
  if ('code' in rest)
    writeFileSync(join(dist, fileName), withoutFacades(rest.code).replaceAll(/[^\0-\x7f]/g, escaped));

/**
 * The code with what it imports from Node taken from the modules themselves. An `import` of one makes a facade, for which
 * Node reads every property, and so loads what stands behind the lazy ones: a tenth of what a short `check` takes.
 */
function withoutFacades(code: string): string {
  return code.replaceAll(
    /^import (?:\* as )?([\w$]+)?(?:, )?(?:\{ ([^}]*) \})? from ("node:[\w/]+");$/gm,
    (_, whole: string | undefined, parts: string | undefined, from: string) =>
      [whole, parts && `{ ${parts.replaceAll(' as ', ': ')} }`]
        .filter((name) => name !== undefined)
        .map((name) => `const ${name} = process.getBuiltinModule(${from});`)
        .join(' '),
  );
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * Functions of a module of Node's that is loaded when the first of them is called: node:child_process brings the network
 * along, 3 ms of a short `check`.
 */
function loadedAtUse(module: string, functions: readonly string[]): Plugin {
  const stub = `\0${module}`;
  return {
    name: 'loaded-at-use',
    resolveId: (id) => (id === module ? stub : null),
    load: (id) =>
      id === stub
        ? [
            ...functions.map(
              (name) =>
                `export const ${name} = (...args) => process.getBuiltinModule('${module}').${name}(...args);`,
            ),
            `export default { ${functions.join(', ')} };`,
          ].join('\n')
        : null,
  };
}

/** A file with all that a module imports at once, without what an earlier group has. */
function loadedBy(name: string, file: string) {
  let loaded: ReadonlySet<string> | undefined;
  return {
    debugName: name,
    name: (id: string, modules: ChunkingContext): string | null => {
      loaded ??= importedFrom(file, modules);
      return loaded.has(id) ? name : null;
    },
  };
}

function importedFrom(file: string, modules: ChunkingContext): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (id: string): void => {
    for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  };
  add(file);
  // A set tells what is added to it while it is walked.
  found.forEach(add);
  return found;
}

// What is copied carries its licence.
const copied = new Set(
  output
    .flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []))
    .map((id) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0])
    .filter((folder) => folder !== undefined),
);
const licences = [...copied].toSorted().map((folder) => {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no licence`);
  return `${basename(folder)}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
});
writeFileSync(join(dist, 'LICENCES.txt'), licences.join(`\n${'-'.repeat(80)}\n\n`));

// Data that is read when a policy asks for it, and not before.
copyFileSync(join(root, 'src/schemas/kubernetes-fields.json'), join(dist, 'kubernetes-fields.json'));

const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
execFileSync(process.execPath, [join(typescript, 'bin/tsc'), '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
removeUnseenTypes(join(dist, 'sdk'));

// The loader of a team's policies asks for #sdk by this name.
writeFileSync(
  join(dist, 'package.json'),
  `${JSON.stringify({ type: 'module', imports: { '#sdk': './sdk.js' } })}\n`,
);

/** The compiler declares every module of the SDK; nobody sees those to which its index does not lead. */
function removeUnseenTypes(folder: string): void {
  const seen = new Set([join(folder, 'index.d.ts')]);
  // A set tells what is added to it while it is walked.
  for (const file of seen) {
    const imports = readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)\.ts['"]/g);
    for (const [, module = ''] of imports) seen.add(join(dirname(file), `${module}.d.ts`));
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.d.ts'),
  );
  for (const file of files.map((name) => join(folder, name))) if (!seen.has(file)) rmSync(file);
}
