import { deadlineSignal } from "../../../control-plane/follow.ts";
import type { ResourceLog } from "../../base/resource.ts";
import type { Objects } from "../cluster/objects.ts";
import type { Reference } from "../cluster/reference.ts";
import { type KubeObject, nameOf, uidOf } from "../object.ts";
import { followEvents, followObject, oldestFirst } from "./follow-object.ts";
import type { Message, Verdict, WaitRule } from "./rule.ts";
import { openWake } from "./wake.ts";

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
  /** Empty when it is ready. */
  readonly reasons: readonly string[];
}

/**
 * Follows an object until it is ready, the time is up, or the engine cancels. A temporary failure of the server does not
 * fail the object.
 */
export async function waitUntilReady(object: KubeObject, waiting: Waiting): Promise<Outcome> {
  const { rule, timeoutMs, signal, updating, log } = waiting;
  const say = speaker(log);
  const name = nameOf(object);
  const deadline = deadlineSignal(timeoutMs, signal);
  const sight = openSight(object, waiting, deadline);
  try {
    for (;;) {
      const seen = sight.now();
      const verdict = rule.judge({ ...seen, updating });
      say(verdict.messages);
      if (verdict.state === "ready") {
        say([{ severity: "info", text: "" }]);
        return { object: seen.object, reasons: [] };
      }
      const ended = whyEnded(verdict, name, waiting, deadline);
      if (ended !== undefined) return { object: seen.object, reasons: [ended, ...verdict.reasons] };
      await sight.changed();
    }
  } finally {
    sight.close();
  }
}

function whyEnded(
  { state }: Verdict,
  name: string,
  { signal, rule }: Waiting,
  deadline: AbortSignal,
): string | undefined {
  if (state === "failed") return `Resource '${name}' was created but failed to initialize`;
  if (signal.aborted) return `Resource operation was cancelled for "${name}"`;
  return deadline.aborted ? rule.timedOut(name) : undefined;
}

interface Sight {
  /** @throws the error that ended the watch */
  now(): { object: KubeObject; events: readonly KubeObject[] };
  /** Resolves on a change or at the deadline. The first call starts the watch. */
  changed(): Promise<void>;
  close(): void;
}

/** Tracks the latest state of an object, and of its events if the rule needs them. */
function openSight(first: KubeObject, { objects, reference, rule }: Waiting, deadline: AbortSignal): Sight {
  const closing = new AbortController();
  const signal = AbortSignal.any([deadline, closing.signal]);
  const { wake, changed } = openWake(deadline);
  let object = first;
  let events: readonly KubeObject[] = [];
  let failure: { error: unknown } | undefined;
  let started = false;

  async function take<State>(states: AsyncIterable<State>, keep: (state: State) => void): Promise<void> {
    try {
      for await (const state of states) {
        keep(state);
        wake();
      }
    } catch (error) {
      failure = { error };
      wake();
    }
  }

  function start(): void {
    started = true;
    void take(followObject(objects, reference, first, signal), (state) => {
      object = state;
    });
    if (rule.events !== true) return;
    void take(followEvents(objects, reference, uidOf(first) ?? "", signal), (state) => {
      events = state;
    });
  }

  return {
    now() {
      if (failure !== undefined) throw failure.error;
      return { object, events };
    },
    async changed() {
      if (!started) start();
      await changed();
    },
    close: () => closing.abort(),
  };
}

/** Applies a rule once, with the events that it needs. */
export async function judge(
  object: KubeObject,
  { objects, reference, rule, signal }: Pick<Waiting, "objects" | "reference" | "rule" | "signal">,
): Promise<Verdict> {
  const early = rule.judge({ object, events: [], updating: false });
  if (rule.events !== true || early.state !== "waiting") return early;
  const events = await objects.events(reference, uidOf(object) ?? "", signal).catch(() => []);
  return rule.judge({ object, events: oldestFirst(events), updating: false });
}

/** Logs each message once, until another replaces it. */
function speaker(log: ResourceLog): (messages: readonly Message[]) => void {
  let said = "";
  return (messages) => {
    const all = JSON.stringify(messages);
    if (all === said) return;
    said = all;
    for (const { severity, text } of messages) log.progress(text, severity);
  };
}
