import { describe, expect, it } from 'vitest';
import { parseCronSchedule } from '#sdk';

// Every verdict is that of github.com/robfig/cron v3.0.1 (ParseStandard, then Next from 21 November 2026).
const comes = [
  '0 4 * * *', '*/5 * * * *', '5/15 * * * *', '0 0 1,15 * *', '0 0 1,,15, * *', '0-30/10 8-18 * * mon-FRI',
  '0 0 ? jan-mar ?', '00 04 * * 06', '+5 * * * *', '*-5 * * * *', '*-x/2 * * * *', '  0\t0  *  *  *  ',
  '0\u00a00 * * *', '0 0 29 2 *', '0 0 29 feb *', '0 0 31 4,5 *', '0 0 5/100 * *',
  '@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly',
  '@every 1h30m', '@every 1.5h', '@every .5s', '@every 5.m', '@every 0', '@every -0', '@every -5m', '@every 10ns', '@every 3\u00b5s',
  // Where both days are restricted, one of them is enough.
  '0 0 30 2 1', '0 0 31 2,4 mon-fri', '0 0 30 2 */2',
]; // prettier-ignore

const never = [
  '0 0 30 2 *', '0 0 30,31 feb *', '0 0 31 4,6,9,11 *', '0 0 30 2 ?', '0 0 30 2 */1', '0 0 30 2 0-3,*',
  ', * * * *', '0 , * * *', '0 0 , * *', '0 0 * , *', '0 0 * * ,', '0 0 , * ,', '0 0 */2 , 1',
]; // prettier-ignore

const refused = [
  ['', 'is empty'],
  ['   ', 'has 0 fields instead of 5'],
  ['0 0 * *', 'has 4 fields instead of 5'],
  ['0 0 0 * * *', 'has 6 fields instead of 5'],
  ['0\ufeff0 * * *', 'has 4 fields instead of 5'],
  ['60 * * * *', 'has 60 as its minute, which is above 59'],
  ['0 24 * * *', 'has 24 as its hour, which is above 23'],
  ['0 0 0 * *', 'has 0 as its day of the month, which is below 1'],
  ['0 0 32 * *', 'has 32 as its day of the month, which is above 31'],
  ['0 0 1 13 *', 'has 13 as its month, which is above 12'],
  ['0 0 * * 7', 'has 7 as its day of the week, which is above 6'],
  ['0 0 * * sunday', 'no number from 0 to 6 and no name such as sun'],
  ['0 0 * * mo', 'no number from 0 to 6 and no name such as sun'],
  ['0 0 L * *', 'has something as its day of the month that is no number from 1 to 31'],
  ['0 0 * * fri-mon', 'has a range of its day of the week that ends before it begins'],
  ['30-10 * * * *', 'has a range of its minute that ends before it begins'],
  ['-5 * * * *', 'has something as its minute that is no number from 0 to 59'],
  ['1-2-3 * * * *', 'has more than one hyphen in a range of its minute'],
  ['1/2/3 * * * *', 'has more than one slash in its minute'],
  ['*/0 * * * *', 'has a step of 0 in its minute'],
  ['*/x * * * *', 'has a step of its minute that is no whole number'],
  ['*/99999999999999999999 * * * *', 'has a step of its minute that is no whole number'],
  ['TZ=UTC 0 4 * * *', 'names a time zone (TZ or CRON_TZ)'],
  ['CRON_TZ=Europe/Berlin 0 4 * * *', 'names a time zone (TZ or CRON_TZ)'],
  ['@Daily', 'begins with @'],
  ['@daily ', 'begins with @'],
  ['@reboot', 'begins with @'],
  ['@every', 'begins with @'],
  ['@every ', '@every without a duration'],
  ['@every  1h', '@every without a duration'],
  ['@every 1', '@every without a duration'],
  ['@every 1d', '@every without a duration'],
  ['@every 2562048h', '@every without a duration'],
  [`${'0,'.repeat(600)}0 * * * *`, 'is longer than 1000 characters'],
] as const;

describe('parseCronSchedule', () => {
  it.each(comes)('takes %j', (schedule) => {
    expect(parseCronSchedule(schedule)).toEqual({ problem: undefined, never: false });
  });

  it.each(never)('knows that %j never comes', (schedule) => {
    expect(parseCronSchedule(schedule)).toEqual({ problem: undefined, never: true });
  });

  it.each(refused)('refuses %j', (schedule, problem) => {
    const parsed = parseCronSchedule(schedule);
    expect(parsed.problem).toContain(problem);
    expect(parsed.never).toBe(false);
  });
});
