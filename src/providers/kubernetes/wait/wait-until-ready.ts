import { ApiFailure, Unreachable } from "../../../control-plane/failure.ts";
import { textAt } from "../../../platform/json.ts";
import { pause } from "../../../platform/wait.ts";
import type { ResourceLog } from "../../base/resource.ts";
import type { Objects, Reference } from "../cluster/objects.ts";
import { type KubeObject, nameOf, uidOf } from "../object.ts";
import type { Message, Verdict, WaitRule } from "./rule.ts";

export interface Waiting {
  readonly objects: Objects;
  readonly reference: Reference;
  readonly rule: WaitRule;
  readonly timeoutMs: number;
  readonly updating: boolean;
  readonly signal: AbortSignal;
  readonly log: ResourceLog;
}

export interface Outcome {
  /** As last seen. */
  readonly object: KubeObject;
  /** Empty when it came up. */
  readonly reasons: readonly string[];
}

const firstPauseMs = 100;
const longestPauseMs = 1000;
const growth = 1.5;

/**
 * Looks at an object until its rule is content, the time is up, or the engine cancels. A server that does not answer for
 * a while is no failure of the object.
 */
export async function waitUntilReady(object: KubeObject, waiting: Waiting): Promise<Outcome> {
  const { objects, reference, rule, timeoutMs, signal, log } = waiting;
  const end = performance.now() + timeoutMs;
  const say = speaker(log);
  let seen = object;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * growth, longestPauseMs)) {
    const verdict = await judge(seen, waiting);
    say(verdict.messages);
    if (verdict.state === "ready") {
      say([{ severity: "info", text: "" }]);
      return { object: seen, reasons: [] };
    }
    const name = nameOf(seen);
    if (verdict.state === "failed") {
      return { object: seen, reasons: [`Resource '${name}' was created but failed to initialize`, ...verdict.reasons] };
    }
    const leftMs = end - performance.now();
    if (signal.aborted) {
      return { object: seen, reasons: [`Resource operation was cancelled for "${name}"`, ...verdict.reasons] };
    }
    if (leftMs <= 0) return { object: seen, reasons: [rule.timedOut(name), ...verdict.reasons] };
    await pause(Math.min(pauseMs, leftMs), signal);
    seen = await look(objects, reference, seen, signal);
  }
}

/** One look, with the events that the rule asks for. */
export async function judge(
  object: KubeObject,
  {
    objects,
    reference,
    rule,
    updating,
    signal,
  }: Pick<Waiting, "objects" | "reference" | "rule" | "updating" | "signal">,
): Promise<Verdict> {
  const early = rule.judge({ object, events: [], updating });
  if (rule.events !== true || early.state !== "waiting") return early;
  const events = await objects.events(reference, uidOf(object) ?? "", signal).catch(() => []);
  const time = (event: KubeObject) => textAt(event, "lastTimestamp") ?? textAt(event, "eventTime") ?? "";
  return rule.judge({ object, events: events.toSorted((a, b) => time(a).localeCompare(time(b))), updating });
}

/** The object as it is now; as it was when the server does not answer. */
async function look(
  objects: Objects,
  reference: Reference,
  last: KubeObject,
  signal: AbortSignal,
): Promise<KubeObject> {
  try {
    return await objects.get(reference, signal);
  } catch (error) {
    const passing = error instanceof Unreachable || (error instanceof ApiFailure && error.status >= 500);
    if (passing || signal.aborted) return last;
    throw error;
  }
}

/** Says each message once, until another one takes its place. */
function speaker(log: ResourceLog): (messages: readonly Message[]) => void {
  let said = "";
  return (messages) => {
    const all = JSON.stringify(messages);
    if (all === said) return;
    said = all;
    for (const { severity, text } of messages) log.progress(text, severity);
  };
}
