import { Document, isMap, isSeq } from 'yaml';
import { z } from 'zod';
import { checkYaml } from '../../config/checked-yaml.ts';
import { printable } from '../../engine/message.ts';
import { compareTexts } from '../../engine/order.ts';
import { UserError } from '../../errors.ts';

/** Of the file's format: what another one says, this daygate cannot know. */
const formatVersion = 1;

const name = z.string().min(1);
const finding = z.strictObject({
  policy: name,
  message: name.describe('Which of the messages of the policy'),
  at: z.string().describe('The locator: it stays the same when lines and list items move'),
  count: z.int().min(2).optional().describe('How often, where more than once'),
});
const objectSchema = z.strictObject({
  file: name.describe('Where the object was, seen from the folder of the baseline'),
  kind: z.string(),
  group: name.optional().describe('The API group; none for v1'),
  namespace: name.optional(),
  name: z.string(),
  findings: z.array(finding).min(1),
});
const baselineSchema = z.strictObject({
  version: z.literal(formatVersion),
  daygate: name,
  objects: z.array(objectSchema),
});

/** Which object an entry is about; the version of its API may change. */
export interface KnownObject {
  readonly file: string;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** What is known already: a finding without its lines and texts. */
export interface KnownFinding {
  readonly object: KnownObject;
  readonly policy: string;
  readonly messageId: string;
  readonly locator: string;
  readonly count: number;
}

export interface Baseline {
  /** The daygate that wrote it. */
  readonly daygate: string;
  readonly findings: readonly KnownFinding[];
}

/**
 * Reads a baseline; `file` is only a name for messages.
 *
 * @throws UserError `baseline` where the text is no baseline, `baseline-version` where it has another form than this daygate's
 */
export function parseBaseline(text: string, file: string): Baseline {
  const wrong = (message: string): UserError =>
    new UserError('baseline', `baseline ${file}: ${message}`, file);
  if (text.trim() === '') throw wrong('is empty: write one with --write-baseline');
  const { value, problems } = checkYaml(text, file, baselineSchema);
  if (value === undefined) {
    const head = checkYaml(text, file, z.looseObject({ version: z.union([z.number(), z.string()]) })).value;
    if (head !== undefined && head.version !== formatVersion) throw otherVersion(file, head.version);
    const more = problems.length > 3 ? `\n… and ${problems.length - 3} more` : '';
    throw wrong(`is no baseline of daygate:\n${problems.slice(0, 3).join('\n')}${more}`);
  }
  const findings = value.objects.flatMap(({ findings: ofObject, group = '', namespace, ...object }) =>
    ofObject.map(({ policy, message, at, count = 1 }): KnownFinding => ({
      object: { ...object, group, namespace },
      policy,
      messageId: message,
      locator: at.replace(statedTcp, ''),
      count,
    })),
  );
  const seen = new Set<string>();
  for (const entry of findings) {
    const key = JSON.stringify([entry.object.file, identityKey(entry)]);
    const { kind, name: objectName } = entry.object;
    if (seen.has(key))
      throw wrong(`lists ${entry.policy} at ${entry.locator} of ${kind} ${objectName} twice`);
    seen.add(key);
  }
  return { daygate: value.daygate, findings };
}

function otherVersion(file: string, version: string | number): UserError {
  const said = `has format ${printable(String(version))}, and this daygate reads format ${formatVersion}`;
  const message = `baseline ${file}: ${said}: remove it and write it again with --write-baseline`;
  return new UserError('baseline-version', message, file);
}

/** Earlier baselines tell `ports[80/TCP]`, where TCP is written, from `ports[80]`, where the API server fills it in. */
const statedTcp = /(?<=\bports\[\d+)\/TCP(?=[\]#])/g;

/** What makes a finding the same one: not its file, since objects move. */
export function identityKey({ object, policy, messageId, locator }: Omit<KnownFinding, 'count'>): string {
  return JSON.stringify([policy, messageId, ...objectSteps(object), locator]);
}

/** What makes an object the same one. */
export function objectKey(object: KnownObject): string {
  return JSON.stringify(objectSteps(object));
}

function objectSteps({ group, kind, namespace = '', name: objectName }: KnownObject): readonly string[] {
  return [kind, group, namespace, objectName];
}

const heading = ` What daygate check had found when this was written; it fails on what is new. Reasons for findings that are to
 stay belong in the exceptions of daygate.yaml, with an owner and a day on which they end.
 Written by daygate check --write-baseline; never by hand, except to delete what has to be mended now.`;

/** The text of a baseline: sorted, a line for each finding, so that a change shows as that and nothing else. */
export function renderBaseline({ daygate, findings }: Baseline): string {
  const objects = new Map<string, { object: KnownObject; findings: KnownFinding[] }>();
  for (const entry of findings) {
    const key = JSON.stringify([entry.object.file, ...objectSteps(entry.object)]);
    const known = objects.get(key);
    if (known === undefined) objects.set(key, { object: entry.object, findings: [entry] });
    else known.findings.push(entry);
  }
  const sorted = [...objects.values()].sort((a, b) => compareAll(sortKey(a.object), sortKey(b.object)));
  const document = new Document({
    version: formatVersion,
    daygate,
    objects: sorted.map(({ object, findings: ofObject }) => ({
      file: object.file,
      kind: object.kind,
      ...(object.group === '' ? {} : { group: object.group }),
      ...(object.namespace === undefined ? {} : { namespace: object.namespace }),
      name: object.name,
      findings: ofObject
        .toSorted((a, b) => compareAll(findingKey(a), findingKey(b)))
        .map(({ policy, messageId, locator, count }) => ({
          policy,
          message: messageId,
          at: locator,
          ...(count === 1 ? {} : { count }),
        })),
    })),
  });
  document.commentBefore = heading;
  const list: unknown = document.get('objects', true);
  for (const object of isSeq(list) ? list.items : []) {
    const rows: unknown = isMap(object) ? object.get('findings', true) : undefined;
    for (const row of isSeq(rows) ? rows.items : []) if (isMap(row)) row.flow = true;
  }
  return document.toString({ lineWidth: 0, singleQuote: true });
}

function sortKey(object: KnownObject): readonly string[] {
  return [object.file, ...objectSteps(object)];
}

function findingKey({ policy, locator, messageId }: KnownFinding): readonly string[] {
  return [policy, locator, messageId];
}

function compareAll(a: readonly string[], b: readonly string[]): number {
  for (const [index, left] of a.entries()) {
    const order = compareTexts(left, b[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}
