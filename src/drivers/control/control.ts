import type { Call } from "./http.ts";

/** Access to the control API of one cluster: its supervisor's, or its agent server's. */
export interface Control {
  /**
   * Calls the control API.
   * @param timeoutMs default 5 s: answers are immediate unless the machine is busy.
   * @throws SwarmError SW704 without an answer, SW606 when aborted, and the error in the answer.
   */
  ask(request: Omit<Call, "timeoutMs">, timeoutMs?: number): Promise<unknown>;
}

export const answerMs = 5_000;
