import { dateTimeOf } from '../engine/days.ts';
import type { Finding, Verdict } from '../engine/review.ts';
import type { FixResult } from '../engine/run-fixes.ts';
import { isPlain, leniencyWords, unprintable } from '../engine/message.ts';

// The API server cuts warnings at 256 characters each once all of a request together pass 4,096
// (k8s.io/apiserver/pkg/endpoints/filters/warning.go) and drops one that holds a control character, such as a
// line break, without a word. It counts code points; UTF-16 units are never fewer.
const longestWarning = 256;
const allWarnings = 4096;

/**
 * One line of at most so many characters. The engine has cleaned what came from the object and taken credentials
 * out of it, value by value; done to a whole line, that would take `forbid-secret: spec.containers[app]` for one.
 */
export function oneLine(text: string, longest = longestWarning): string {
  // Nearly all lines are plain and short.
  if (text.length <= longest && isPlain.test(text)) return text;
  const line = text.replace(unprintable, ' ');
  // A cut in the middle of a surrogate pair would leave half a character.
  return (line.length <= longest ? line : `${line.slice(0, longest - 1)}…`).toWellFormed();
}

/** `require-memory-limit: spec.containers[app].resources.limits.memory: app has no memory limit. Set …` */
export function findingLine({ policy, locator, message, remediation }: Finding): string {
  const place = locator === '' ? '' : `${locator}: `;
  return `${policy}: ${place}${message}${remediation === '' ? '' : ` ${remediation}`}`;
}

const ranks = { critical: 0, high: 1, medium: 2, low: 3 } as const;

/** What is said beside a verdict. */
export interface Beside {
  /** Until when enforcement is suspended, where it is, in milliseconds since 1970. */
  readonly suspended?: number | undefined;
  readonly notice?: string | undefined;
}

/** The warnings of a verdict: what failed first, then findings, what enforcing would refuse first, as many as fit. */
export function verdictWarnings(
  verdict: Verdict,
  profile: string,
  { suspended, notice }: Beside = {},
): readonly string[] {
  const broken = [
    ...(suspended === undefined ? [] : [suspendedWarning(suspended)]),
    ...(notice === undefined ? [] : [notice]),
  ];
  const errors = verdict.errors.map(({ policy, message }) => {
    const spoke = verdict.findings.some((finding) => finding.policy === policy);
    const rest = spoke ? '; what it says of this object is not all' : ' and said nothing about this object';
    return `policy ${policy} ${message}${rest}`;
  });
  const findings = verdict.findings
    .filter(({ action }) => action === 'warn')
    .sort((a, b) => Number(isHeld(b)) - Number(isHeld(a)) || ranks[a.severity] - ranks[b.severity])
    .map((finding) => standing(finding) + findingLine(finding));
  return fitWarnings([...broken, ...errors, ...findings], profile);
}

/** Why a finding that its policy denies is only a warning; it comes first, for long lines are cut. */
function standing(finding: Finding): string {
  const { leniency, grandfatherUntil } = finding;
  if (leniency === undefined) return '';
  if (isHeld(finding)) return 'would be refused: ';
  const until = grandfatherUntil === undefined ? '' : ` until ${grandfatherUntil}`;
  return `tolerated${until} (${leniencyWords[leniency]}): `;
}

/** Whether it is a warning only because enforcement is observe, or suspended. */
function isHeld({ leniency }: Finding): boolean {
  return leniency === 'observe';
}

function suspendedWarning(until: number): string {
  return `enforcement is suspended until ${dateTimeOf(until)} (daygate breakglass): what follows is told and not enforced`;
}

/** The warnings of a patch: fixes that were left out. */
export function fixWarnings({ dropped }: Pick<FixResult, 'dropped'>, profile: string): readonly string[] {
  return fitWarnings(
    dropped.map(({ policy, reason }) => `the fix of ${policy} was left out: ${reason}`),
    profile,
  );
}

function fitWarnings(texts: readonly string[], profile: string): readonly string[] {
  const fitting: string[] = [];
  let left = allWarnings;
  for (const [index, text] of texts.entries()) {
    const line = oneLine(`daygate: ${text}`);
    const rest = texts.length - index - 1;
    // Room is kept for the line that counts the others, unless nothing would be left for it to count.
    const reserve = rest === 0 ? 0 : moreLine(texts.length, profile).length;
    if (line.length + reserve > left) {
      fitting.push(moreLine(rest + 1, profile));
      break;
    }
    fitting.push(line);
    left -= line.length;
  }
  return fitting;
}

function moreLine(count: number, profile: string): string {
  return oneLine(`daygate: and ${count} more: run daygate check --profile ${profile} on the manifest`);
}
