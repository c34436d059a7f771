import { describe, expect, it } from 'vitest';
import { isTimeZone } from '#sdk';

describe('isTimeZone', () => {
  it.each([
    'UTC', 'Etc/UTC', 'GMT', 'GMT+0', 'Etc/GMT+5', 'CET', 'EST5EDT', 'Europe/Berlin', 'Europe/Kyiv', 'Europe/Kiev',
    'Asia/Kolkata', 'Asia/Calcutta', 'US/Pacific', 'America/Argentina/Buenos_Aires',
  ])('takes %s', (name) => {
    expect(isTimeZone(name)).toBe(true);
  }); // prettier-ignore

  it.each([
    '', 'Local', 'local', 'utc', 'europe/berlin', 'EUROPE/BERLIN', 'Europe/Brelin', 'PST', 'JST', 'IST', 'CEST', 'UTC+2',
    'GMT+5', '+02:00', '/Europe/Berlin', '../Europe/Berlin', 'Europe/Berlin ', 'Europe', 'SystemV/PST8', 'constructor',
    'x'.repeat(100_000), 5, null, undefined, {},
  ])('refuses %j', (name) => {
    expect(isTimeZone(name)).toBe(false);
  }); // prettier-ignore

  it('takes every zone the JavaScript engine knows', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((name) => !isTimeZone(name))).toEqual([]);
  });
});
