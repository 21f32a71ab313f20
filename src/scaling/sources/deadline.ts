/** A source has not answered in time. */
class NoAnswer extends Error {
  constructor(afterMs: number) {
    super(`no answer within ${afterMs / 1000} s`);
  }
}

const left = new Error("its caller has left");

/**
 * Runs a call with a deadline: a server that accepts a request and says nothing holds up no loop. The call goes on without its
 * caller unless it follows its signal.
 *
 * @throws NoAnswer, the reason of `signal`, or what the call throws
 */
export async function within<Value>(
  deadlineMs: number,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  signal.throwIfAborted();
  const ends = new AbortController();
  let stop = () => {};
  const ended = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new NoAnswer(deadlineMs)), deadlineMs);
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    };
  });
  try {
    return await Promise.race([call(ends.signal), ended]);
  } catch (error) {
    // With a reason of its own: a new one would record a stack for each call.
    ends.abort(left);
    throw error;
  } finally {
    stop();
  }
}
