import type { Call } from "./http.ts";

/** The way to the control API of one cluster: its supervisor's, or its agent server's. */
export interface Control {
  /**
   * One call.
   *
   * @param timeoutMs default 5 s: it answers at once, and is only kept waiting by a busy machine.
   * @throws SwarmError SW704 when nobody answers, SW606 when aborted, and whatever was answered.
   */
  ask(request: Omit<Call, "timeoutMs">, timeoutMs?: number): Promise<unknown>;
}

export const answerMs = 5_000;
