import { isRecord, type JsonRecord, type KubernetesObject } from '#sdk';
import { judge } from '../../engine/judge.ts';
import type { PolicyFolder } from '../fixtures.ts';
import { compileFor, reviewsOf, watched } from '../judge-fixture.ts';

// The second one no detector of credentials would take for one: nothing that masks output later can hide a leak.
const canaries = ['ghp_c4n4ryC4N4RYc4n4ryC4N4RYc4n4ry123456', 'kanarienvogel'];

const mend = 'of an annotation, env, args, command or data, and may be a credential: name its key instead';

/** What somebody wrote into env, args, data or annotations reaches no text a policy makes. */
export function canary({ policy, fixtures, examples }: PolicyFolder): readonly string[] {
  const objections: string[] = [];
  for (const fixture of [...fixtures, ...examples]) {
    for (const value of canaries) {
      for (const plants of [appended, replaced]) {
        const documents = fixture.documents.map((object) => plant(object, value, plants) as KubernetesObject);
        const watch = watched(policy);
        const compiled = compileFor(watch.policy, fixture);
        const { findings, errors } = collect(
          reviewsOf(fixture, documents).map((review) => judge(compiled, review)),
        );
        const said = JSON.stringify([findings, errors, watch.reports.map(({ finding }) => finding)]);
        if (said.includes(value))
          objections.push(`${fixture.name}: a value reaches what the policy says, ${mend}`);
      }
    }
  }
  return [...new Set(objections)];
}

function collect(verdicts: readonly ReturnType<typeof judge>[]) {
  return {
    findings: verdicts.flatMap(({ findings }) =>
      findings.map(({ message, remediation, locator, pointer }) => [message, remediation, locator, pointer]),
    ),
    errors: verdicts.flatMap(({ errors }) => errors),
  };
}

type Plant = (value: unknown, canary: string, kind: 'values' | 'list' | 'env') => unknown;

const appended: Plant = (value, canary, kind) => {
  if (kind === 'values') return { ...(isRecord(value) ? value : {}), canary };
  const item = kind === 'env' ? { name: 'DB_PASSWORD', value: canary } : canary;
  return [...(Array.isArray(value) ? (value as unknown[]) : []), item];
};

const replaced: Plant = (value, canary, kind) => {
  if (kind === 'values' && isRecord(value))
    return Object.fromEntries(Object.keys(value).map((key) => [key, canary]));
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) => {
    if (kind === 'list') return canary;
    return isRecord(item) && typeof item['value'] === 'string' ? { ...item, value: canary } : item;
  });
};

const places: Readonly<Record<string, 'values' | 'list' | 'env'>> = {
  annotations: 'values',
  data: 'values',
  stringData: 'values',
  args: 'list',
  command: 'list',
  env: 'env',
};

/** A copy with the canary in every place that may hold a secret, also where the fixture has no such place. */
function plant(value: unknown, canary: string, plants: Plant, parent = ''): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => plant(item, canary, plants, parent));
  if (!isRecord(value)) return value;
  const copy: Record<string, unknown> = {};
  const keys = new Set(Object.keys(value));
  if (plants === appended) missingPlaces(value, parent).forEach((key) => keys.add(key));
  for (const key of keys) {
    const kind = Object.hasOwn(places, key) ? places[key] : undefined;
    copy[key] =
      kind === undefined ? plant(value[key], canary, plants, key) : plants(value[key], canary, kind);
  }
  return copy;
}

function missingPlaces({ kind }: JsonRecord, parent: string): readonly string[] {
  if (parent === 'metadata') return ['annotations'];
  if (/containers$/i.test(parent)) return ['args', 'env'];
  return parent === '' && (kind === 'ConfigMap' || kind === 'Secret') ? ['data'] : [];
}
