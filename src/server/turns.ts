/** A call whose body is there. */
interface WaitingCall {
  readonly bytes: number;
  /** Returns what sends the answer, where there is one already. Neither throws: others wait for the same turn. */
  readonly judge: () => (() => void) | undefined;
}

// More than this do not wait for company. Bodies are to be judged, not kept; and whoever sends calls by the thousand down
// one connection is held up by Node.js as soon as there are answers that it does not take.
const mostWaitingBytes = 1024 * 1024;
const mostWaiting = 256;
// Whoever is judged before one that takes longer gets the answer first.
const longBytes = 64 * 1024;
const longestWaitMs = 1;

/**
 * Calls that come in together are judged together when the turn of the event loop ends, and then answered together.
 * To write an answer is to wake a caller that sleeps, which costs the kernel as much as judging costs daygate; a caller
 * that is awake costs nothing more, and the processor finds in its caches what the last call needed. Where only one call
 * comes in it waits for nobody. An answer that has waited a millisecond waits for no other call to be judged, and none
 * waits for a large body.
 *
 * @param now in milliseconds
 */
export function createTurns(now = () => performance.now()): (call: WaitingCall) => void {
  let waiting: WaitingCall[] = [];
  let bytes = 0;
  let scheduled = false;
  const judgeAll = (): void => {
    const calls = waiting;
    waiting = [];
    bytes = 0;
    let answers: (() => void)[] = [];
    let since = now();
    const answerAll = (): void => {
      const due = answers;
      answers = [];
      for (const answer of due) answer();
      since = now();
    };
    for (const call of calls) {
      if (call.bytes > longBytes) answerAll();
      const answer = call.judge();
      if (answer !== undefined) answers.push(answer);
      if (now() - since > longestWaitMs) answerAll();
    }
    answerAll();
  };
  const endOfTurn = (): void => {
    scheduled = false;
    judgeAll();
  };
  return (call) => {
    waiting.push(call);
    bytes += call.bytes;
    if (bytes > mostWaitingBytes || waiting.length >= mostWaiting) {
      judgeAll();
    } else if (!scheduled) {
      scheduled = true;
      setImmediate(endOfTurn);
    }
  };
}
