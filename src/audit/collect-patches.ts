import { isRecord, property, rememberOf, type KindInfo, type KubernetesObject } from '#sdk';
import type { Compiled, Profile } from '../engine/compiled.ts';
import { fixReview } from '../engine/fix.ts';
import { compareTexts } from '../engine/order.ts';
import type { ObjectReference, Review } from '../engine/review.ts';
import { fixingEntries, isAskedToFix } from '../engine/webhook-rules.ts';
import { isLeftOut } from '../engine/webhooks.ts';
import { byChange, mostChanges, type AuditPatch, type AuditPatches } from '../report/audit/audit-patches.ts';
import type { Top } from './owners.ts';
import { patchLines } from './patch-lines.ts';
import { maskOf } from './patch-mask.ts';

/** Takes objects as they come in, owners before what they own; keeps changes and forgets the rest. */
interface PatchCollector {
  take(review: Review, about: PatchedObject): void;
  /** @param profiles that were used */
  all(profiles: Iterable<string>): AuditPatches;
}

interface PatchedObject {
  readonly ref: ObjectReference;
  readonly kind: KindInfo;
  readonly uid: string;
  readonly top: Top | undefined;
}

/** A change, and what has it so far. */
interface Gathered {
  readonly change: AuditPatch;
  /** Of what has it, where that is not the object itself. */
  readonly kind: string | undefined;
  readonly names: string[];
  objects: number;
}

/** Of all changes that are kept: some 8 MB of memory. */
const mostCharacters = 4_000_000;
const mostNames = 20;

/**
 * What the fixing webhooks would patch, were each object written now. The same change of all pods of a Deployment is one,
 * on the Deployment.
 */
export function collectPatches(compiled: Compiled): PatchCollector {
  const gathered = new Map<string, Gathered>();
  /** Policies in the patch of what may own others, by uid. */
  const patched = new Map<string, readonly string[]>();
  let [objects, leftOut, characters] = [0, 0, 0];
  const isAskedOf = rememberOf((profile: Profile) => {
    const entries = fixingEntries(compiled, profile);
    return rememberOf((kind: KindInfo) => isAskedToFix(entries, kind));
  });

  function take(review: Review, { ref, kind, uid, top }: PatchedObject): void {
    if (!isAskedAbout(review, kind)) return;
    const object = isPod(kind) ? asCreated(review.object) : review.object;
    // Admission knows of other objects only where settings say so.
    const facts = compiled.settings.facts === 'cluster' ? review.facts : undefined;
    const { patch, applied, object: after } = fixReview(compiled, { ...review, object, facts }, 'admission');
    if (patch.length === 0) return;
    if (kind.template !== undefined && kind.template.length > 0) patched.set(uid, applied);
    if (top !== undefined && isMendedWith(top, applied)) return;
    objects++;
    const mask = maskOf(object);
    const masked = mask.patch(patch);
    const key = `${top?.uid ?? uid} ${ref.kind} ${JSON.stringify(masked)}`;
    const known = gathered.get(key);
    if (known !== undefined) {
      known.objects++;
      if (known.names.length < mostNames) known.names.push(ref.name);
      return;
    }
    const diff = gathered.size < mostChanges ? patchLines(object, after, mask) : [];
    const size = diff.reduce((sum, line) => sum + line.length, 2 * key.length);
    if (gathered.size >= mostChanges || characters + size > mostCharacters) {
      leftOut++;
      return;
    }
    characters += size;
    const policies = [...applied].sort(compareTexts);
    const change = { object: top?.object ?? ref, policies, diff, patch: masked };
    gathered.set(key, {
      change,
      kind: top === undefined ? undefined : ref.kind,
      names: [ref.name],
      objects: 1,
    });
  }

  function isAskedAbout({ profile: name, object }: Review, kind: KindInfo): boolean {
    const profile = compiled.profiles.get(name);
    const isAsked = profile !== undefined && isAskedOf(profile)(kind);
    return isAsked && !isLeftOut(compiled, object) && !hasEnded(object, kind);
  }

  /** What is mended by mending the owner is not told beside it. */
  function isMendedWith({ uid, maker }: Top, policies: readonly string[]): boolean {
    return policies.every((id) => [uid, maker].some((owner) => patched.get(owner)?.includes(id)));
  }

  return {
    take,
    all: (profiles) => {
      const used = [...profiles].flatMap((name) => compiled.profiles.get(name) ?? []);
      const fixing = used.flatMap((profile) => fixingEntries(compiled, profile));
      const policies = [...new Set(fixing.map(({ policy }) => policy.id))].sort(compareTexts);
      const changes = [...gathered.values()].map(({ change, kind, objects: number, names }) =>
        kind === undefined ? change : { ...change, via: { kind, objects: number, names } },
      );
      return { policies, objects, leftOut, changes: changes.sort(byChange) };
    },
  };
}

/** Without debugging containers: no pod is created with them, and those of a running one stay as they are. */
function asCreated(object: KubernetesObject): KubernetesObject {
  const spec = property(object, 'spec');
  if (!isRecord(spec) || !Object.hasOwn(spec, 'ephemeralContainers')) return object;
  const fields = Object.entries(spec).filter(([field]) => field !== 'ephemeralContainers');
  return Object.assign({}, object, { spec: Object.fromEntries(fields) });
}

/** A pod that has ended runs nothing and is never made anew. */
function hasEnded(object: KubernetesObject, kind: KindInfo): boolean {
  const phase = isPod(kind) ? property(property(object, 'status'), 'phase') : undefined;
  return phase === 'Succeeded' || phase === 'Failed';
}

function isPod({ template }: KindInfo): boolean {
  return template?.length === 0;
}
