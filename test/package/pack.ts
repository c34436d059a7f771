/**
 * Packs the checkout once for all files of this suite: npm builds in the checkout meanwhile, and of two at a time one
 * would take the build away from the other.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of the packed package. */
    readonly tarball: string;
  }
}

export default function pack(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'daygate-packed-'));
  const name = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: join(import.meta.dirname, '../..'),
    encoding: 'utf8',
  });
  project.provide('tarball', join(folder, name.trim()));
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}
