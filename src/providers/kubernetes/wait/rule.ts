import type { KubeObject } from "../object.ts";

/** What a look at an object tells. */
export interface Look {
  readonly object: KubeObject;
  /** Events about the object, oldest first; only for rules that ask for them. */
  readonly events: readonly KubeObject[];
  /** The object was there before this update. */
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
      /** Why it is not ready, for the error when the time is up. */
      readonly reasons: readonly string[];
    }
  /** It will not come by waiting. */
  | { readonly state: "failed"; readonly messages: readonly Message[]; readonly reasons: readonly string[] };

/** When an object of a kind has come up. Pure: what was seen in, a verdict out. */
export interface WaitRule {
  readonly judge: (look: Look) => Verdict;
  readonly events?: boolean;
  /** The head of the error when the time is up. */
  readonly timedOut: (name: string) => string;
}

export const neverReady = (name: string) => `'${name}' timed out waiting to be Ready`;

export const info = (text: string): Message => ({ severity: "info", text });
export const warning = (text: string): Message => ({ severity: "warning", text });

export const ready = (text?: string): Verdict => ({ state: "ready", messages: text === undefined ? [] : [info(text)] });

export function waiting(messages: readonly Message[], reasons: readonly string[] = []): Verdict {
  return { state: "waiting", messages, reasons };
}
