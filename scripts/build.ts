/**
 * Writes dist/, what the package carries: Node strips no types below node_modules. The code goes into a few files,
 * since a short `check` spends most of its time on loading; dependencies stay outside, where `npm audit` sees them and
 * where a team's policies find the very same zod.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const sdk = join(root, 'src/sdk/index.ts');

rmSync(dist, { recursive: true, force: true });

const bundle = await rolldown({
  cwd: root,
  input: {
    main: join(root, 'src/main.ts'),
    sdk,
    // `serve` starts it by its file.
    'sandboxed-process': join(root, 'src/server/sandbox/sandboxed-process.ts'),
  },
  platform: 'node',
  resolve: { alias: { '#sdk': sdk } },
  external: /^[a-z@]/,
});
await bundle.write({ dir: dist, format: 'esm', chunkFileNames: '[name].js' });

// Data that is read when a policy asks for it, and not before.
copyFileSync(join(root, 'src/schemas/kubernetes-fields.json'), join(dist, 'kubernetes-fields.json'));

const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
execFileSync(process.execPath, [join(typescript, 'bin/tsc'), '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});

// The loader of a team's policies asks for #sdk by this name.
writeFileSync(
  join(dist, 'package.json'),
  `${JSON.stringify({ type: 'module', imports: { '#sdk': './sdk.js' } })}\n`,
);
