import { nearestWords } from '../nearest.ts';
import type { Path } from '../subjects.ts';
import type { FieldFault, Level } from './field-faults.ts';
import { hasField, type FieldType, type StructType } from './field-type.ts';
import { fits, unquoted } from './scalars.ts';

type UnknownField = Extract<FieldFault, { is: 'unknown' }>;

/** What somebody probably meant who wrote a field that there is not. */
export type FieldGuess =
  /**
   * The name is misspelt; `isFree` where the right one is not written as well. `unfit` is what the right one takes, where
   * what is written is something else, also without its quotes.
   */
  | {
      readonly is: 'misspelt';
      readonly name: string;
      readonly isFree: boolean;
      readonly unfit: FieldType | undefined;
    }
  /** The name is right, in another place. A list on the way is written as `containers[]`. */
  | { readonly is: 'misplaced'; readonly place: string }
  | { readonly is: 'unknown' };

/**
 * Guesses what an unknown field was meant to be. The right name one level up or down counts before a similar name
 * here, that before the right name further off; a place or a name that cannot take the value counts last.
 */
export function guessField(fault: UnknownField, kubernetesMinor: number): FieldGuess {
  const level = fault.levels.at(-1);
  if (level === undefined) return { is: 'unknown' };
  const near = similarNames(fault.name, names(level.struct, kubernetesMinor));
  const fitting = near.filter((name) => {
    const type = level.struct.fields().get(name)?.type;
    return type !== undefined && fits(fault.value, type);
  });
  const [meant] = fitting;
  if (meant !== undefined && fitting.length === 1 && meant.toLowerCase() === fault.name.toLowerCase())
    return misspelt(meant, fault, level);
  const place = findPlace(fault, kubernetesMinor);
  if (place?.distance === 1) return { is: 'misplaced', place: place.text };
  if (meant !== undefined && fitting.length === 1) return misspelt(meant, fault, level);
  if (place !== undefined) return { is: 'misplaced', place: place.text };
  const [only] = near;
  return only !== undefined && near.length === 1 ? misspelt(only, fault, level) : { is: 'unknown' };
}

/** Shorter beginnings are those of too many words. */
const shortestBeginning = 5;

/** What Kubernetes adds to a name to say what is in it. */
const endings = ['seconds', 'name', 'policy', 'ref'];

/** Names with few letters changed, or else those that go on with the like of Seconds: `initialDelay`. */
function similarNames(word: string, known: readonly string[]): readonly string[] {
  const near = nearestWords(word, known);
  if (near.length > 0 || word.length < shortestBeginning) return near;
  const beginning = word.toLowerCase();
  return known.filter((name) => endings.some((ending) => name.toLowerCase() === beginning + ending));
}

function misspelt(name: string, { value }: UnknownField, level: Level): FieldGuess {
  const type = level.struct.fields().get(name)?.type;
  const isFit = type === undefined || fits(value, type) || unquoted(value, type) !== undefined;
  return { is: 'misspelt', name, isFree: !Object.hasOwn(level.value, name), unfit: isFit ? undefined : type };
}

function names(struct: StructType, minor: number): readonly string[] {
  return [...struct.fields()].flatMap(([name, field]) => (hasField(field, minor) ? [name] : []));
}

interface Place {
  readonly text: string;
  readonly distance: number;
}

/** Further off than a container from the root of a Deployment nobody looks for a field. */
const furthest = 4;

/** The nearest struct, going up and then down again, that has a field of this name which can take the value. */
function findPlace({ name, value, levels }: UnknownField, minor: number): Place | undefined {
  let best: Place | undefined;
  const last = levels.length - 1;
  for (let up = 0; up <= Math.min(last, furthest); up++) {
    const level = levels[last - up];
    if (level === undefined) continue;
    const skip = up === 0 ? undefined : stepAfter(level, levels[last - up + 1]);
    const most = (best?.distance ?? furthest + 1) - 1 - up;
    const found = below(level, name, value, minor, most, skip);
    if (found === undefined) continue;
    const place = [textOf(level.path), ...found.steps].filter((step) => step !== '').join('.');
    const inContainers = isInContainers(found.struct, name, value);
    best = {
      text: inContainers
        ? `${place}, or rather in ${[place, 'containers[]'].filter(Boolean).join('.')}`
        : place,
      distance: up + found.steps.length,
    };
  }
  return best;
}

/** A pod has resources and a securityContext of its own, and so has each of its containers. */
function isInContainers(struct: StructType, name: string, value: unknown): boolean {
  const type = struct.fields().get('containers')?.type;
  const field = type?.is === 'list' && type.items.is === 'struct' ? type.items.fields().get(name) : undefined;
  return field !== undefined && fits(value, field.type);
}

/** The field through which the path goes on below a level. */
function stepAfter(level: Level, next: Level | undefined): string | undefined {
  const step = next?.path[level.path.length];
  return typeof step === 'string' ? step : undefined;
}

interface Found {
  readonly steps: readonly string[];
  readonly struct: StructType;
}

/** The nearest struct below, or the struct itself, that has the field, and the steps down to it. */
function below(
  { struct, value: own }: Level,
  name: string,
  value: unknown,
  minor: number,
  most: number,
  skip: string | undefined,
): Found | undefined {
  let row: readonly Found[] = [{ steps: [], struct }];
  const seen = new Set([struct]);
  for (let depth = 0; depth <= most && row.length > 0; depth++) {
    const found = row.filter((candidate) => {
      // The struct that was looked into first is the one that lacks it.
      const field = candidate.struct.fields().get(name);
      return hasField(field, minor) && field.type.is !== 'any' && fits(value, field.type);
    });
    // Of several, the one that the object has something in, then the one with the shortest way to write.
    const [first] = found.toSorted((a, b) => weight(a.steps, own) - weight(b.steps, own));
    if (first !== undefined) return first;
    row = row.flatMap(({ steps, struct: outer }) =>
      [...outer.fields()].flatMap(([step, field]) => {
        const inner = structIn(field.type);
        if (!hasField(field, minor) || inner === undefined || seen.has(inner.struct)) return [];
        // Nobody writes into status, and the way down that came from here was looked at already.
        if (steps.length === 0 && (step === skip || step === 'status')) return [];
        seen.add(inner.struct);
        return [{ steps: [...steps, step + inner.suffix], struct: inner.struct }];
      }),
    );
  }
  return undefined;
}

function weight(steps: readonly string[], own: Readonly<Record<string, unknown>>): number {
  const first = steps[0]?.replace('[]', '') ?? '';
  return (Object.hasOwn(own, first) ? 0 : 1_000) + steps.join('.').length;
}

function structIn(type: FieldType): { readonly struct: StructType; readonly suffix: string } | undefined {
  if (type.is === 'struct') return { struct: type, suffix: '' };
  if (type.is === 'list' && type.items.is === 'struct') return { struct: type.items, suffix: '[]' };
  return undefined;
}

/** `spec.template.spec.containers[]`: a place in words, whichever item of a list it is in. */
export function textOf(path: Path): string {
  let text = '';
  for (const step of path) text += typeof step === 'number' ? '[]' : text === '' ? step : `.${step}`;
  return text;
}
