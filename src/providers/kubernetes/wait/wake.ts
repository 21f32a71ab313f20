/** Tells one reader that something has changed; changes in between are one. */
export interface Wake {
  wake(): void;
  /** Resolves at the first change since the last call; at once after the signal is aborted. */
  changed(): Promise<void>;
}

/** @param signal its abort is a change */
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
