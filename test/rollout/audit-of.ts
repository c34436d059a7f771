import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { builtinKinds, isRecord, text, type KubernetesObject } from '#sdk';
import { policies } from '../../policies/index.ts';
import { judgedBy } from '../../src/config/judged-by.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { compileOrThrow } from '../../src/config/settings-file.ts';
import type { CompileOptions } from '../../src/engine/compile.ts';
import type { Compiled } from '../../src/engine/compiled.ts';
import { judge, reference } from '../../src/engine/judge.ts';
import type { Exception } from '../../src/engine/settings.ts';
import { changedSettings, type Change } from '../../src/rollout/changed-settings.ts';
import type { Standards } from '../../src/rollout/standards.ts';
import type { Review } from '../../src/engine/review.ts';
import { byFinding } from '../../src/merge/order.ts';
import type { AuditFinding, AuditObject, AuditReport } from '../../src/report/audit/audit-report.ts';
import { report } from '../merge/sample-report.ts';

export const now = Date.parse('2026-11-21T12:00:00Z');

export function compiled(settings: string, options: Partial<CompileOptions> = {}): Compiled {
  return compileOrThrow(parseSettings(settings, 'daygate.yaml'), policies, { now, ...options });
}

/** Every so manieth object of the policies' own fixtures, each with a name and, where its kind has one, a namespace of its own. */
export function fixtureObjects(step: number): readonly KubernetesObject[] {
  const root = join(import.meta.dirname, '../../policies');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\/fixtures\/(?:pass|fail)-[^/]*\.yaml$/.test(file),
  );
  return files
    .sort()
    .flatMap((file) => parseAllDocuments(readFileSync(join(root, file), 'utf8')))
    .flatMap((document) => {
      const value: unknown = document.toJS();
      return isRecord(value) && typeof value['kind'] === 'string' && value['kind'] !== 'List' ? [value] : [];
    })
    .filter((_, index) => index % step === 0)
    .map((value, index) => {
      const metadata = isRecord(value['metadata']) ? value['metadata'] : {};
      const info = Object.values(builtinKinds).find(({ kind }) => kind === value['kind']);
      const name = `${text(metadata['name']) ?? 'unnamed'}-${index}`;
      const namespace = info?.namespaced === false ? {} : { namespace: `ns-${index}` };
      return { ...value, metadata: { ...metadata, name, ...namespace } };
    });
}

export function reviewOf(object: KubernetesObject, profile: string): Review {
  return { operation: 'CREATE', object, profile, now };
}

interface Judged {
  readonly settings?: string;
  readonly profile?: string;
  readonly only?: readonly string[];
}

/** The report of a cluster that holds these objects. */
export function auditOf(
  objects: readonly KubernetesObject[],
  { settings = '', profile, only }: Judged = {},
): AuditReport {
  const by = compiled(settings, only === undefined ? {} : { only });
  const name = profile ?? by.settings.profile;
  const findings: AuditFinding[] = [];
  const judged: AuditObject[] = [];
  for (const object of objects) {
    const review = reviewOf(object, name);
    const verdict = judge(by, review);
    findings.push(...verdict.findings);
    const skipped = [...new Set(verdict.skipped.flatMap((skip) => skip.policy ?? []))].sort();
    judged.push({
      ...{ ...reference(review), profile: name, team: 'checkout' },
      ...(skipped.length === 0 ? {} : { skipped }),
    });
  }
  const entries = by.profiles.get(name)?.entries ?? [];
  return {
    ...report({ findings: findings.sort(byFinding) }),
    objects: judged,
    namespaces: [],
    policies: entries.map(({ policy: { id, title, category, severity, why, references } }) => ({
      ...{ id, title, category, severity, why, references },
    })),
    coverage: { listed: judged.length, judged: judged.length, kinds: [], unmapped: [] },
    profiles: judgedBy(by, [name]),
  };
}

export const answering = { owner: 'platform', reason: 'OPS-1', expires: '2027-03-31' };

/** A question about settings. */
export function standards(
  settings: string,
  change: Change,
  { at = now, exceptions = [] }: { at?: number; exceptions?: readonly Exception[] } = {},
): Standards {
  const file = parseSettings(settings, 'daygate.yaml');
  const own = { ...file.settings, exceptions: [...file.settings.exceptions, ...exceptions] };
  return {
    before: compileOrThrow({ ...file, settings: own }, policies, { now }),
    after: compileOrThrow({ ...file, settings: changedSettings(own, change) }, policies, { now }),
    change,
    at,
  };
}
