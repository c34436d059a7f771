/** What is wrong with a schedule: a phrase to follow the words "the schedule", or undefined where it is fine. */
export type ScheduleProblem = string;

/** A schedule as Kubernetes reads it. */
export interface CronSchedule {
  /** Why Kubernetes refuses it: a phrase to follow "the schedule". Undefined where it takes it. */
  readonly problem: ScheduleProblem | undefined;
  /** Whether there is no such time, as with 30 February. */
  readonly never: boolean;
}

interface Bounds {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

/** The values a field allows; `star` when it leaves the choice to the others, which matters between the two days. */
interface Field {
  readonly values: ReadonlySet<number>;
  readonly star: boolean;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fields: readonly Bounds[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of the month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: months },
  { name: 'day of the week', min: 0, max: 6, names: weekdays },
];
const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const descriptors: ReadonlySet<string> = new Set([
  '@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly',
]); // prettier-ignore
/** What Go's unicode.IsSpace takes for one: not quite JavaScript's \s. */
const spaces = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const longest = 1_000;

const fine: CronSchedule = { problem: undefined, never: false };

/**
 * Reads the schedule of a CronJob as the API server does: five fields of numbers, names, ranges, steps and lists,
 * or `@hourly` and its like, or `@every 1h30m`. Where both days are restricted, one of them is enough. A schedule
 * that names a time zone (`TZ=…`) is refused: that is what `spec.timeZone` is for. Never throws.
 *
 * Source: github.com/robfig/cron v3, parser.go and spec.go (ParseStandard, Next);
 * pkg/apis/batch/validation/validation.go, validateScheduleFormat.
 *
 * @example
 * parseCronSchedule('30 4 * * mon-fri'); // { problem: undefined, never: false }
 * parseCronSchedule('0 0 30 2 *'); // { problem: undefined, never: true }
 * parseCronSchedule('60 * * * *'); // { problem: 'has 60 as its minute, which is above 59', never: false }
 */
export function parseCronSchedule(schedule: string): CronSchedule {
  if (schedule === '') return refused('is empty');
  if (schedule.length > longest) return refused(`is longer than ${longest} characters`);
  if (schedule.includes('TZ')) return refused('names a time zone (TZ or CRON_TZ)');
  if (schedule.startsWith('@')) return parseDescriptor(schedule);
  const parts = schedule.split(spaces).filter((part) => part !== '');
  if (parts.length !== fields.length) return refused(`has ${parts.length} fields instead of 5`);
  const parsed: Field[] = [];
  for (const [index, bounds] of fields.entries()) {
    const field = parseField(parts[index] ?? '', bounds);
    if (typeof field === 'string') return refused(field);
    parsed.push(field);
  }
  return isNever(parsed) ? { problem: undefined, never: true } : fine;
}

function refused(problem: ScheduleProblem): CronSchedule {
  return { problem, never: false };
}

function parseDescriptor(schedule: string): CronSchedule {
  if (descriptors.has(schedule)) return fine;
  const every = '@every ';
  if (schedule.startsWith(every)) {
    // Less than a second, and less than nothing, count as one second.
    return isGoDuration(schedule.slice(every.length))
      ? fine
      : refused('says @every without a duration such as 1h30m');
  }
  return refused('begins with @ and is none of @yearly, @monthly, @weekly, @daily, @hourly and @every');
}

const nanoseconds: Readonly<Record<string, number>> = {
  ns: 1, us: 1e3, '\u00b5s': 1e3, '\u03bcs': 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9,
}; // prettier-ignore
/** Go keeps a duration in 63 bits of nanoseconds: 292 years. */
const longestDuration = 2 ** 63;

/** Go, time.ParseDuration. */
function isGoDuration(value: string): boolean {
  const rest = value.replace(/^[-+]/, '');
  if (rest === '0') return true;
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|[smh]))+$/.test(rest)) return false;
  let total = 0;
  for (const [, amount = '', unit = ''] of rest.matchAll(/([\d.]+)([^\d.]+)/g)) {
    total += Number(amount) * (nanoseconds[unit] ?? 0);
  }
  return total < longestDuration;
}

/** A list of ranges; empty items are passed over, so that a comma alone is a field that allows nothing. */
function parseField(field: string, bounds: Bounds): Field | ScheduleProblem {
  const values = new Set<number>();
  let star = false;
  for (const item of field.split(',')) {
    if (item === '') continue;
    const range = parseRange(item, bounds);
    if (typeof range === 'string') return range;
    for (let value = range.start; value <= range.end; value += range.step) values.add(value);
    star ||= range.star;
  }
  return { values, star };
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly star: boolean;
}

function parseRange(item: string, bounds: Bounds): Range | ScheduleProblem {
  const { name, min, max } = bounds;
  const [spanText = '', stepText, ...tooMany] = item.split('/');
  const span = parseSpan(spanText, bounds, stepText !== undefined);
  if (typeof span === 'string') return span;
  const { start, end } = span;
  if (tooMany.length > 0) return `has more than one slash in its ${name}`;
  const step = stepText === undefined ? 1 : wholeNumber(stepText);
  if (step === undefined) return `has a step of its ${name} that is no whole number`;
  if (start < min) return `has ${start} as its ${name}, which is below ${min}`;
  if (end > max) return `has ${end} as its ${name}, which is above ${max}`;
  if (start > end) return `has a range of its ${name} that ends before it begins`;
  if (step === 0) return `has a step of 0 in its ${name}`;
  return { start, end, step, star: span.star && step === 1 };
}

/** What stands before the step; 5/15 stands for 5-59/15. */
function parseSpan(span: string, bounds: Bounds, hasStep: boolean): Omit<Range, 'step'> | ScheduleProblem {
  const { name, min, max } = bounds;
  const [low = '', high, ...more] = span.split('-');
  // What follows the star of *-5 is not even read.
  if (low === '*' || low === '?') return { start: min, end: max, star: true };
  if (more.length > 0) return `has more than one hyphen in a range of its ${name}`;
  const start = valueOf(low, bounds);
  const end = high !== undefined ? valueOf(high, bounds) : hasStep ? max : start;
  if (start === undefined || end === undefined) {
    return `has something as its ${name} that is no ${wanted(bounds)}`;
  }
  return { start, end, star: false };
}

function wanted({ names, min, max }: Bounds): string {
  const number = `number from ${min} to ${max}`;
  return names === undefined ? number : `${number} and no name such as ${names[0] ?? ''}`;
}

function valueOf(value: string, { names }: Bounds): number | undefined {
  const named = names?.indexOf(value.toLowerCase()) ?? -1;
  // Months count from 1, weekdays from 0.
  return named === -1 ? wholeNumber(value) : named + (names === months ? 1 : 0);
}

/** Go, strconv.Atoi, without the negative numbers that a hyphen cannot bring here. */
function wholeNumber(value: string): number | undefined {
  if (!/^\+?\d+$/.test(value)) return undefined;
  const number = Number(value);
  return number < longestDuration ? number : undefined;
}

function isNever(parsed: readonly Field[]): boolean {
  const [minutes, hours, days, inMonths, onWeekdays] = parsed;
  if (!minutes || !hours || !days || !inMonths || !onWeekdays) return false;
  if (minutes.values.size === 0 || hours.values.size === 0) return true;
  // Days that exist: 29 February comes within the five years the controller looks ahead, except around 2100.
  const dayComes = [...inMonths.values].some((month) =>
    [...days.values].some((day) => day <= (daysOfMonth[month - 1] ?? 0)),
  );
  const weekdayComes = inMonths.values.size > 0 && onWeekdays.values.size > 0;
  return days.star || onWeekdays.star ? !(dayComes && weekdayComes) : !(dayComes || weekdayComes);
}
