import { registerHooks } from 'node:module';

/** Modules as they were when they were first loaded; plain data, to be loaded from again in another process. */
export interface ModuleSnapshot {
  /** What was asked for, as messages name it. */
  readonly files: readonly string[];
  /** `address of the importer, space, what it imports` → address of the file. */
  readonly resolved: Readonly<Record<string, string>>;
  readonly sources: Readonly<Record<string, { readonly format: string; readonly text: string }>>;
}

interface ModuleRecorder {
  /** Tells it which file is imported next: only that, and what it leads to, is recorded. */
  readonly begin: (file: string, address: string) => void;
  readonly snapshot: () => ModuleSnapshot;
}

/** Remembers what is imported from now on; packages below node_modules are none of a team's files. */
export function recordModules(): ModuleRecorder {
  const files: string[] = [];
  const asked = new Set<string>();
  const resolved: Record<string, string> = {};
  const own = new Set<string>();
  const sources: Record<string, { format: string; text: string }> = {};
  registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context);
      const isOwn = asked.has(specifier) || own.has(context.parentURL ?? '');
      if (isOwn && found.url.startsWith('file:') && !found.url.includes('/node_modules/')) {
        own.add(found.url);
        resolved[keyOf(specifier, asked.has(specifier) ? '' : context.parentURL)] = found.url;
      }
      return found;
    },
    load: (address, context, next) => {
      const loaded = next(address, context);
      const text = own.has(address) ? textOf(loaded.source) : undefined;
      if (text !== undefined) sources[address] = { format: loaded.format ?? 'module', text };
      return loaded;
    },
  });
  return {
    begin: (file, address) => {
      files.push(file);
      asked.add(address);
    },
    snapshot: () => ({ files, resolved, sources }),
  };
}

/** Makes every import that a snapshot knows give what it gave then, whatever lies on the disk by now. */
export function replayModules({ resolved, sources }: ModuleSnapshot): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      const url = resolved[keyOf(specifier, context.parentURL)] ?? resolved[keyOf(specifier, '')];
      return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
    },
    load: (address, context, next) => {
      const known = sources[address];
      if (known === undefined) return next(address, context);
      return { format: known.format, source: known.text, shortCircuit: true };
    },
  });
}

function textOf(source: unknown): string | undefined {
  if (typeof source === 'string') return source;
  return source instanceof Uint8Array ? new TextDecoder().decode(source) : undefined;
}

function keyOf(specifier: string, importer = ''): string {
  return `${importer} ${specifier}`;
}
