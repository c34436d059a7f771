import { oneLine } from '../report/one-line.ts';
import type { Paint } from '../report/paint.ts';
import type { ReportError } from '../report/report.ts';
import { count, objectTitle, placeOf } from '../report/words.ts';
import { changeKinds, type Change, type ChangeGroup } from './compare.ts';
import type { Replayed } from './replay.ts';

/** What a replay has to tell, whatever it is compared with. */
export interface Told {
  readonly reviews: number;
  readonly outcomes: Readonly<Record<'denied' | 'warned' | 'allowed', number>>;
  /** Of the oldest and the latest record, RFC 3339. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly errors: readonly ReportError[];
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

export interface Comparison {
  readonly against: string;
  readonly changes: readonly Change[];
  readonly groups: readonly ChangeGroup[];
  /** Findings left out because a credential that cannot be made up stood there. */
  readonly notCompared: number;
  /** Reviews that could not be compared: they hold no recorded verdict. */
  readonly withoutRecord: number;
}

/** Every verdict that is not plainly `allowed`, with what was found. */
export function reviewsText(replayed: readonly Replayed[], told: Told, paint: Paint): string {
  const lines = replayed
    .filter(({ outcome }) => outcome !== 'allowed')
    .flatMap((review) => [
      `${outcomeWord(review, paint)} ${titleLine(review, paint)}`,
      ...review.verdict.findings
        .filter(({ action }) => action !== 'audit')
        .map(
          ({ policy, action, locator, message }) =>
            `  ${action} ${paint.bold(policy)} ${oneLine(`${locator}: ${message}`)}`,
        ),
      ...review.verdict.failed.map((policy) => `  ${paint.red('failed')} ${paint.bold(policy)}`),
    ]);
  return [...lines, ...troubleLines(told, paint), summaryLine(told), ''].join('\n');
}

/** What changes, by kind, policy and owner, with an example of each. */
export function comparisonText(
  { against, changes, groups, notCompared, withoutRecord }: Comparison,
  told: Told,
  paint: Paint,
): string {
  const lines: string[] = [];
  for (const kind of changeKinds) {
    const ofKind = groups.filter((group) => group.kind === kind);
    if (ofKind.length === 0) continue;
    const reviews = changes.filter((change) => change.kind === kind).length;
    lines.push(`${paint.bold(kind)}: ${count(reviews, 'review')}`);
    for (const { policy, owner, reviews: number, example } of ofKind) {
      const { review, findings } = example;
      const finding = findings.find((one) => one.policy === policy);
      lines.push(
        `  ${paint.bold(oneLine(policy))}, ${owner}: ${count(number, 'review')}`,
        `    for instance ${titleLine(review, paint)}`,
        ...(finding === undefined ? [] : [`      ${oneLine(`${finding.locator}: ${finding.message}`)}`]),
      );
    }
  }
  lines.push(...troubleLines(told, paint));
  if (withoutRecord > 0)
    lines.push(`not compared: ${count(withoutRecord, 'review')} without a recorded verdict`);
  if (notCompared > 0)
    lines.push(`not compared: ${count(notCompared, 'finding')} at places where a credential was redacted`);
  const same = told.reviews - changes.length - withoutRecord;
  const summary =
    changes.length === 0
      ? 'no verdict changes'
      : `${count(changes.length, 'verdict')} changed, ${same} the same`;
  return [...lines, `${summaryLine(told)}. Against ${against}: ${summary}.`, ''].join('\n');
}

function outcomeWord({ outcome }: Replayed, paint: Paint): string {
  return outcome === 'denied'
    ? paint.red('denied')
    : outcome === 'warned'
      ? paint.yellow('warned')
      : 'allowed';
}

function titleLine(review: Replayed, paint: Paint): string {
  const { operation, subresource, object, profile, user, file, line } = review;
  const part = subresource === undefined ? '' : `/${subresource}`;
  const title = `${operation} ${objectTitle(object)}${part} by ${user === '' ? 'nobody named' : user} (profile ${profile})`;
  return `${oneLine(title)} ${paint.dim(oneLine(`${file}:${line}`))}`;
}

function troubleLines({ errors, skipped }: Told, paint: Paint): readonly string[] {
  return [
    ...errors.map((error) => {
      const place = placeOf(error);
      return `${paint.red('error')} ${oneLine(`${place === '' ? '' : `${place}: `}${error.message}`)}`;
    }),
    ...skipped.map(({ file, reason }) => oneLine(`skipped ${file}: ${reason}`)),
  ];
}

function summaryLine({ reviews, outcomes, from, to }: Told): string {
  const span =
    from === undefined || to === undefined ? '' : ` of ${from.slice(0, 16)}Z to ${to.slice(0, 16)}Z`;
  const { denied, warned, allowed } = outcomes;
  return `${count(reviews, 'review')}${span}: ${denied} denied, ${warned} warned, ${allowed} allowed`;
}
