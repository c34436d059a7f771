import { list, property } from './json.ts';
import type { Container } from './kubernetes.ts';

const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'ksh', 'zsh']);
const secondsOf: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3_600, d: 86_400 };

/**
 * For how many seconds the preStop hook of a container does nothing but wait: the sleep action, or the commands
 * `sleep` that it runs itself or through a shell, in plain numbers. Zero where there is no such thing. Never throws.
 *
 * Source: API reference, LifecycleHandler; POSIX and GNU coreutils, sleep.
 *
 * @example
 * preStopSleepSeconds({ lifecycle: { preStop: { sleep: { seconds: 10 } } } }); // 10
 * preStopSleepSeconds({ lifecycle: { preStop: { exec: { command: ['sh', '-c', 'sleep 5; nginx -s quit'] } } } }); // 5
 */
export function preStopSleepSeconds({ lifecycle }: Pick<Container, 'lifecycle'>): number {
  const hook = lifecycle?.preStop;
  if (hook == null) return 0;
  const seconds = property(hook.sleep, 'seconds');
  if (typeof seconds === 'number') return seconds;
  const command: readonly unknown[] = list(hook.exec?.command);
  const program = baseName(command[0]);
  if (program === 'sleep') return command.slice(1).reduce<number>((sum, time) => sum + durationOf(time), 0);
  return shells.has(program) ? sleepOfScript(command) : 0;
}

function baseName(program: unknown): string {
  return typeof program === 'string' ? program.slice(program.lastIndexOf('/') + 1) : '';
}

/** The script is what follows the option -c, or -ec and its like. */
function sleepOfScript(command: readonly unknown[]): number {
  const option = command.findIndex((item) => typeof item === 'string' && /^-[a-z]*c$/.test(item));
  const script = option < 1 ? undefined : command[option + 1];
  if (typeof script !== 'string') return 0;
  let sum = 0;
  const parts = script.split(/(&&|[;&|\n])/);
  for (let index = 0; index < parts.length; index += 2) {
    const command = parts[index]?.trim() ?? '';
    const after = parts[index + 2] ?? '';
    // Nobody waits for a command with & behind it; in 2>&1 and &> the sign means something else.
    if (parts[index + 1] === '&' && !command.endsWith('>') && !after.startsWith('>')) continue;
    const [program, ...times] = command.replace(/^exec\s+/, '').split(/\s+/);
    if (baseName(program) === 'sleep') for (const time of times) sum += durationOf(time);
  }
  return sum;
}

function durationOf(time: unknown): number {
  const [, amount, unit = ''] =
    typeof time === 'string' ? (/^(\d{1,9}(?:\.\d{1,9})?)([smhd]?)$/.exec(time) ?? []) : [];
  return amount === undefined ? 0 : Number(amount) * (secondsOf[unit] ?? 0);
}
