import { UserError } from '../../errors.ts';

interface Address {
  /** Empty for all addresses. */
  readonly host: string;
  readonly port: number;
}

const shortestMs = 10_000;
const units = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/**
 * `10m` → milliseconds; from ten seconds to a day.
 *
 * @throws UserError `usage`
 */
export function parseEvery(text: string): number {
  const [, digits = '', unit = ''] = /^([1-9]\d{0,4})([smh])$/.exec(text) ?? [];
  const ms = Number(digits) * (unit in units ? units[unit as keyof typeof units] : Number.NaN);
  if (ms >= shortestMs && ms <= 24 * units.h) return ms;
  throw new UserError('usage', `--every ${text}: expected a time from 10s to 24h, such as 10m`);
}

/**
 * `:9090`, `127.0.0.1:9090`, `[::1]:9090`; without a host all addresses, of IPv4 and IPv6.
 *
 * @throws UserError `usage`
 */
export function parseListen(text: string): Address {
  const [, inBrackets, plain = '', digits = ''] =
    /^(?:\[([\da-f:.]+)\]|([\w.-]*)):(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (digits !== '' && port <= 65_535) return { host: inBrackets ?? plain, port };
  throw new UserError(
    'usage',
    `--listen ${text}: expected an address with a port, such as :9090 or 127.0.0.1:9090`,
  );
}
