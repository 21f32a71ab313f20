import type { KubeObject } from "../object.ts";

/** An observation of an object. */
export interface Look {
  readonly object: KubeObject;
  /** Events about the object, oldest first; only for rules that ask for them. */
  readonly events: readonly KubeObject[];
  /** The object existed before this update. */
  readonly updating: boolean;
}

export interface Message {
  readonly severity: "info" | "warning";
  readonly text: string;
}

export type Verdict =
  | { readonly state: "ready"; readonly messages: readonly Message[] }
  | {
      readonly state: "waiting";
      readonly messages: readonly Message[];
      /** Why it is not ready, for the error on a time-out. */
      readonly reasons: readonly string[];
    }
  /** Waiting cannot help. */
  | { readonly state: "failed"; readonly messages: readonly Message[]; readonly reasons: readonly string[] };

/** Readiness rule of a kind: a pure function from an observation to a verdict. */
export interface WaitRule {
  readonly judge: (look: Look) => Verdict;
  readonly events?: boolean;
  /** First line of the error on a time-out. */
  readonly timedOut: (name: string) => string;
}

export const neverReady = (name: string) => `'${name}' timed out waiting to be Ready`;

export const info = (text: string): Message => ({ severity: "info", text });
export const warning = (text: string): Message => ({ severity: "warning", text });

export const ready = (text?: string): Verdict => ({ state: "ready", messages: text === undefined ? [] : [info(text)] });

export function waiting(messages: readonly Message[], reasons: readonly string[] = []): Verdict {
  return { state: "waiting", messages, reasons };
}
