import type { Io } from './io.ts';

/** Takes how far a run is: `reading`, 12 of 300. */
export type Step = (what: string, done: number, all: number) => void;

export interface Progress {
  readonly step: Step;
  /** Takes the line away, for whatever is written next. */
  readonly clear: () => void;
  readonly end: () => void;
}

const patienceMs = 1000;
const redrawMs = 100;

const noProgress: Progress = { step: () => undefined, clear: () => undefined, end: () => undefined };

/** Progress on the terminal of a run that takes longer than a second; none where there is no terminal. */
export function startProgress({ drawLine, now }: Pick<Io, 'drawLine' | 'now'>, quiet: boolean): Progress {
  if (drawLine === undefined || quiet) return noProgress;
  const started = now();
  let [latest, shown, drawn] = ['', '', started];
  const draw = (): void => {
    const time = now();
    if (time - started < patienceMs || time - drawn < redrawMs || latest === shown) return;
    drawLine(latest);
    [shown, drawn] = [latest, time];
  };
  // A renderer can take long without a step.
  const timer = setInterval(draw, redrawMs).unref();
  const clear = (): void => {
    if (shown !== '') drawLine('');
    shown = '';
  };
  return {
    step: (what, done, all) => {
      latest = `${what} ${done} of ${all}`;
      draw();
    },
    clear,
    end: () => {
      clearInterval(timer);
      clear();
    },
  };
}
