#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 9)) {
  console.error(
    `daygate: needs Node.js 24.9 or newer, and this is ${process.versions.node}: npm install node@24 beside daygate brings one, which npx and npm run take`,
  );
  process.exit(2);
}

// Compiled code is kept between runs: half of what a short `check` takes would be compiling.
process.getBuiltinModule('node:module').enableCompileCache();

// The package carries dist/, a checkout the sources.
const built = new URL('../dist/main.js', import.meta.url);
await import(process.getBuiltinModule('node:fs').existsSync(built) ? built.href : '../src/main.ts');
