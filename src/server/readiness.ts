import { request } from 'node:https';
import { TLSSocket } from 'node:tls';
import { day } from '../engine/days.ts';
import { judge } from '../engine/judge.ts';
import type { Compiled } from '../engine/compiled.ts';
import type { Certificate } from './certificate.ts';

/** What one check says: undefined when all is well, otherwise what is not. */
export interface Check {
  readonly name: string;
  readonly problem: () => string | undefined;
  /** What whoever looks should know, although it is well enough. */
  readonly note?: () => string | undefined;
}

interface Readiness {
  readonly ready: boolean;
  /** One line per check, as the API server's own /readyz?verbose writes them. */
  readonly report: string;
}

interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly problem: string | undefined;
  readonly note: string | undefined;
}

export function checkResult({ name, problem, note }: Check): CheckResult {
  const found = problem();
  const ok = found === undefined;
  return { name, ok, problem: found, note: ok ? note?.() : undefined };
}

export function runChecks(checks: readonly Check[]): Readiness {
  const results = checks.map(checkResult);
  const ready = results.every(({ ok }) => ok);
  const lines = results.map(({ name, problem, note }) =>
    problem === undefined
      ? `[+]${name} ok${note === undefined ? '' : `: ${note}`}`
      : `[-]${name} failed: ${problem}`,
  );
  return {
    ready,
    report: `${[...lines, ready ? 'readyz check passed' : 'readyz check failed'].join('\n')}\n`,
  };
}

/** Whether policies are compiled and every profile can judge a plain Pod. Also what warms the engine up. */
export function policiesCheck(compiled: () => Compiled, now: () => number): Check {
  let judged: Compiled | undefined;
  return {
    name: 'policies',
    problem: () => {
      const present = compiled();
      if (present === judged) return undefined;
      if (present.profiles.size === 0) return 'no profile is compiled';
      const object = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'readiness' },
        spec: { containers: [] },
      };
      try {
        for (const profile of present.profiles.keys()) {
          judge(present, { operation: 'CREATE', object, profile, now: now() });
        }
      } catch {
        return 'the engine fails on a plain Pod';
      }
      judged = present;
      return undefined;
    },
  };
}

// What is renewed in time has a third of its life left. So near its end, two weeks of renewals have failed.
const soonMs = 14 * day;

/**
 * A server whose certificate has ended is of no use to any caller. One whose certificate ends soon is: it stays ready,
 * since nobody would be served better by fewer of them, and says so in the details.
 */
export function certificateCheck(certificate: () => Certificate, now: () => number): Check {
  const ends = (): readonly (readonly [string, number])[] => {
    const { leafExpiry, caExpiry } = certificate();
    return [
      ['the certificate', leafExpiry],
      ...(caExpiry === undefined ? [] : [['its CA', caExpiry] as const]),
    ];
  };
  return {
    name: 'certificate',
    problem: () => {
      const ended = ends().find(([, end]) => end <= now());
      return ended && `${ended[0]} ended ${days(Math.floor((now() - ended[1]) / day))} ago`;
    },
    note: () => {
      const ending = ends().find(([, end]) => end - now() < soonMs);
      return ending && `${ending[0]} ends in ${days(Math.ceil((ending[1] - now()) / day))}`;
    },
  };
}

function days(number: number): string {
  return number === 0 ? 'less than a day' : `${number} ${number === 1 ? 'day' : 'days'}`;
}

/** Calls a server's /livez over TLS and insists on the certificate that it should be showing. */
export function callItself(port: number, host: string, fingerprint: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(
      // Names and trust are the callers' business; what counts here is that this very certificate answers.
      { host, port, path: '/livez', agent: false, rejectUnauthorized: false, timeout: 5000 },
      (response) => {
        response.resume();
        const { socket, statusCode } = response;
        const shown =
          socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.fingerprint256 : undefined;
        if (shown !== fingerprint()) reject(new Error('another certificate answered'));
        else if (statusCode !== 200) reject(new Error(`it answered ${String(statusCode)}`));
        else resolve();
      },
    );
    call.on('timeout', () => call.destroy(new Error('it did not answer within 5 seconds')));
    call.on('error', reject);
    call.end();
  });
}
