import { list, property } from './json.ts';
import type { Container } from './kubernetes.ts';

const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'ksh', 'zsh']);
const powerShells: ReadonlySet<string> = new Set(['powershell', 'pwsh']);
const secondsOf: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3_600, d: 86_400 };

/**
 * For how many seconds the preStop hook of a container does nothing but wait: the sleep action, or the commands
 * `sleep` that it runs itself or through a shell (`Start-Sleep` in PowerShell), in plain numbers. Zero where there is no
 * such thing. Never throws.
 *
 * Source: API reference, LifecycleHandler; POSIX and GNU coreutils, sleep; PowerShell, Start-Sleep.
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
  if (powerShells.has(program.toLowerCase().replace(/\.exe$/, ''))) return sleepOfPowerShell(command);
  return shells.has(program) ? sleepOfScript(command) : 0;
}

function baseName(program: unknown): string {
  return typeof program === 'string' ? program.replace(/^.*[/\\]/, '') : '';
}

/** The script is all that follows the option -Command, or the program itself. */
function sleepOfPowerShell(command: readonly unknown[]): number {
  const words = command.slice(1).filter((word) => typeof word === 'string');
  const option = words.findIndex((word) => /^-c(?:ommand)?$/i.test(word));
  const script = words.slice(option + 1).join(' ');
  let sum = 0;
  for (const part of script.split(/[;|\n]/)) {
    const [, unit, amount] =
      /^\s*(?:start-)?sleep\s+(?:-([sm])\w*[\s:]+)?(\d{1,9}(?:\.\d{1,9})?)\s*$/i.exec(part) ?? [];
    if (amount !== undefined) sum += Number(amount) / (unit?.toLowerCase() === 'm' ? 1000 : 1);
  }
  return sum;
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
