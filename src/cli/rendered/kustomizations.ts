import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { entries, isRecord, property } from '#sdk';
import { readSmallYaml } from './read-small-yaml.ts';

/** The names under which Kustomize looks for its file. */
const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

export function isKustomizationFile(file: string): boolean {
  return names.some((name) => name === posix.basename(file));
}

/** The kustomization of a folder, if it has one. */
export function kustomizationFile(folder: string): string | undefined {
  return names.map((name) => posix.join(folder, name)).find((file) => existsSync(file));
}

/** How far above a patch its kustomization is looked for: `overlays/prod/patches/web.yaml`. */
const levelsAbove = 2;

/** The kustomization, beside a file or a little above it, that takes the file in as a patch, values or settings. */
export function kustomizationWithPiece(file: string): string | undefined {
  let folder = posix.dirname(file);
  for (let level = 0; level <= levelsAbove; level++) {
    const user = kustomizationFile(folder);
    if (user !== undefined && readKustomization(user).pieces.includes(file)) return user;
    if (folder === '.' || folder === '/' || folder.endsWith('..')) return undefined;
    folder = posix.dirname(folder);
  }
  return undefined;
}

/** How the kustomizations among some files hang together. */
export interface KustomizeTree {
  /** Folders to render: those that no other kustomization builds on. */
  readonly roots: readonly string[];
  /** Components that no kustomization here uses: they render to nothing alone. */
  readonly unusedComponents: readonly string[];
  /** Files that kustomizations take in as objects. */
  readonly resources: ReadonlySet<string>;
  /** Files that they take in as patches, values or settings: no whole objects. */
  readonly pieces: ReadonlySet<string>;
}

interface Kustomization {
  readonly folder: string;
  readonly isComponent: boolean;
  /** Files and folders, and what does not lie here. */
  readonly resources: readonly string[];
  readonly pieces: readonly string[];
}

/** @param files among them kustomizations, each in its folder */
export function readKustomizeTree(files: readonly string[]): KustomizeTree {
  // The order in which a disk lists them is nobody's: of a circle always the same one is named.
  const all = files.filter(isKustomizationFile).toSorted().map(readKustomization);
  const resources = new Set(all.flatMap((one) => one.resources));
  const roots = all.filter(({ folder, isComponent }) => !isComponent && !resources.has(folder));
  const rendered = reach(roots, all);
  // Kustomizations that build on each other in a circle have no root; Kustomize says so itself.
  for (const one of all) {
    if (one.isComponent || rendered.has(one)) continue;
    roots.push(one);
    for (const reached of reach([one], all)) rendered.add(reached);
  }
  return {
    roots: roots.map(({ folder }) => folder),
    unusedComponents: all.filter((one) => !rendered.has(one)).map(({ folder }) => folder),
    resources,
    pieces: new Set(all.flatMap(({ pieces }) => pieces)),
  };
}

function reach(from: readonly Kustomization[], all: readonly Kustomization[]): Set<Kustomization> {
  const byFolder = new Map(all.map((one) => [one.folder, one]));
  const reached = new Set(from);
  // A set that grows while it is walked is walked to its new end.
  for (const { resources } of reached) {
    for (const resource of resources) {
      const next = byFolder.get(resource);
      if (next !== undefined) reached.add(next);
    }
  }
  return reached;
}

/** Fields whose entries are files or folders with objects. */
const resourceFields = ['resources', 'bases', 'components', 'generators', 'transformers', 'validators'];
/** Fields, at any depth, whose texts are files with something else. */
const pieceFields: ReadonlySet<string> = new Set([
  'path',
  'files',
  'env',
  'envs',
  'patchesStrategicMerge',
  'configurations',
  'crds',
  'valuesFile',
  'additionalValuesFiles',
]);

function readKustomization(file: string): Kustomization {
  const folder = posix.dirname(file);
  const content = readSmallYaml(file);
  const place = (text: string): string => posix.join(folder, text).replace(/(?<=.)\/$/, '');
  return {
    folder,
    isComponent: property(content, 'kind') === 'Component',
    resources: resourceFields.flatMap((field) => textsOf(property(content, field))).map(place),
    // A ConfigMap's file may be given a name: `key=path`.
    pieces: pieceTexts(content, 0).map((text) => place(text.slice(text.indexOf('=') + 1))),
  };
}

function textsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');
}

function pieceTexts(value: unknown, depth: number): readonly string[] {
  if (depth > 6) return [];
  if (Array.isArray(value)) return value.flatMap((item) => pieceTexts(item, depth + 1));
  if (!isRecord(value)) return [];
  return entries(value).flatMap(([key, inner]) => [
    ...(pieceFields.has(key) ? textsOf(inner) : []),
    ...pieceTexts(inner, depth + 1),
  ]);
}
