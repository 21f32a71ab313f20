/** Signals changes to one reader; coalesces those between two reads. */
export interface Wake {
  wake(): void;
  /** Resolves on the first change since the last call, or at once if the signal is aborted. */
  changed(): Promise<void>;
}

/** @param signal aborting counts as a change */
export function openWake(signal: AbortSignal): Wake {
  let pending = false;
  let resume = () => {};
  const wake = () => {
    pending = true;
    resume();
  };
  signal.addEventListener("abort", wake, { once: true });
  return {
    wake,
    async changed() {
      if (!pending && !signal.aborted) {
        await new Promise<void>((resolve) => {
          resume = resolve;
        });
      }
      pending = false;
    },
  };
}
