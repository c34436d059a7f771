import { statSync } from 'node:fs';
import { parse } from 'yaml';
import { readPlainFile } from '../../plain-file.ts';

const longest = 1024 * 1024;

/** What a Chart.yaml or a kustomization holds; undefined where it is no such file: helm and Kustomize say why. */
export function readSmallYaml(file: string): unknown {
  try {
    if (statSync(file).size > longest) return undefined;
    return parse(readPlainFile(file).toString(), { maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}
