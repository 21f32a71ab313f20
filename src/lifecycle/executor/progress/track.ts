import type { StepOp } from "../../../stacks/events.ts";
import type { LifecycleEvent } from "../../event.ts";
import { type Part, partOf } from "./part.ts";

/** Progress of a part in the current step. */
export interface Row {
  readonly title: string;
  readonly state: "waiting" | "working" | "done" | "failed";
  /** "creating", "drain"; empty while waiting. */
  readonly doing: string;
  /** "2/4 running", or the reason of a failure. */
  readonly text: string;
  /** Time since the start, or total duration. */
  readonly elapsedMs: number;
  /** Estimate from the previous run; undefined when unknown or exceeded. */
  readonly leftMs: number | undefined;
}

export interface Overview {
  readonly kind: string;
  readonly cluster: string;
  /** Name of the current step. */
  readonly step: string | undefined;
  readonly elapsedMs: number;
  /** Estimate for the whole operation. */
  readonly leftMs: number | undefined;
}

/** Durations of earlier operations, by step and by `<part>/<step>`. */
export interface Expected {
  readonly stepsMs: Readonly<Record<string, number>>;
  readonly partsMs: Readonly<Record<string, number>>;
}

const doing: Readonly<Record<StepOp, string | undefined>> = {
  same: undefined,
  create: "creating",
  update: "updating",
  delete: "deleting",
  replace: "replacing",
  read: undefined,
  refresh: undefined,
};

interface PartState {
  doing: string;
  text: string;
  beganMs: number;
  endedMs: number | undefined;
  failed: boolean;
  readonly under: Set<string>;
}

/**
 * Tracks the progress of one operation and its parts from events. All times are arguments, so that the log of an earlier
 * operation can be replayed.
 */
export class Track {
  #parts: readonly Part[] = [];
  #expected: Expected = { stepsMs: {}, partsMs: {} };
  #operation: { kind: string; cluster: string; beganMs: number } | undefined;
  #step: { name: string; beganMs: number } | undefined;
  readonly #ended = new Set<string>();
  readonly #states = new Map<string, PartState>();
  readonly #took = new Map<string, number>();

  hear(event: LifecycleEvent, atMs: number): void {
    switch (event.type) {
      case "operation":
        this.#operation = { kind: event.kind, cluster: event.cluster, beganMs: atMs };
        return;
      case "parts":
        this.#parts = event.parts;
        return;
      case "expected":
        this.#expected = event;
        return;
      case "phase":
        this.#phase(event, atMs);
        return;
      case "instances":
        this.#instances(event, atMs);
        return;
      case "step":
        this.#resource(event, atMs);
        return;
      case "message":
        this.#message(event);
        return;
      case "summary":
        return;
      default:
        event satisfies never;
    }
  }

  overview(nowMs: number): Overview | undefined {
    if (this.#operation === undefined) return undefined;
    const { kind, cluster, beganMs } = this.#operation;
    return { kind, cluster, step: this.#step?.name, elapsedMs: nowMs - beganMs, leftMs: this.#leftMs(nowMs) };
  }

  /** Returns the rows in the order of the blueprint. */
  rows(nowMs: number): readonly Row[] {
    return this.#parts.map((part) => this.#row(part, nowMs));
  }

  /** Durations of ended steps by `<part>/<step>`. */
  get took(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#took);
  }

  #phase({ name, phase }: Extract<LifecycleEvent, { type: "phase" }>, atMs: number): void {
    if (phase === "started" || phase === "undoing") {
      this.#step = { name, beganMs: atMs };
      this.#states.clear();
      return;
    }
    for (const [key, { beganMs, endedMs }] of this.#states) {
      if (phase === "done") this.#took.set(`${key}/${name}`, (endedMs ?? atMs) - beganMs);
    }
    this.#ended.add(name);
  }

  #instances({ part, doing, done, of }: Extract<LifecycleEvent, { type: "instances" }>, atMs: number): void {
    const state = this.#state(part, atMs);
    state.doing = doing;
    state.text = `${done}/${of}`;
    state.endedMs = done === of ? (state.endedMs ?? atMs) : undefined;
  }

  #resource({ resource, op, phase }: Extract<LifecycleEvent, { type: "step" }>, atMs: number): void {
    const words = doing[op];
    const part = partOf(resource, this.#parts);
    if (words === undefined || part === undefined) return;
    const state = this.#state(part.key, atMs);
    if (phase === "started") {
      state.under.add(resource.urn);
      state.doing = words;
      state.endedMs = undefined;
      return;
    }
    state.under.delete(resource.urn);
    state.failed ||= phase === "failed";
    if (state.under.size === 0) state.endedMs = atMs;
  }

  #message({ resource, text, severity, ephemeral }: Extract<LifecycleEvent, { type: "message" }>): void {
    const part = resource && partOf(resource, this.#parts);
    const state = part && this.#states.get(part.key);
    if (state === undefined) return;
    // An empty message ends the engine's own display; the row keeps the last count: "done  1/1 running".
    if (text === "") return;
    if (severity === "error" || ephemeral) state.text = text.split("\n")[0] ?? "";
  }

  #state(key: string, atMs: number): PartState {
    const present = this.#states.get(key);
    if (present !== undefined) return present;
    const state = { doing: "", text: "", beganMs: atMs, endedMs: undefined, failed: false, under: new Set<string>() };
    this.#states.set(key, state);
    return state;
  }

  #row({ key, title }: Part, nowMs: number): Row {
    const state = this.#states.get(key);
    if (state === undefined) {
      return { title, state: "waiting", doing: "", text: "", elapsedMs: 0, leftMs: undefined };
    }
    const { doing, text, beganMs, endedMs, failed } = state;
    const elapsedMs = (endedMs ?? nowMs) - beganMs;
    const expectedMs = this.#expected.partsMs[`${key}/${this.#step?.name ?? ""}`];
    const isWorking = endedMs === undefined;
    return {
      ...{ title, doing, text, elapsedMs, state: failed ? "failed" : isWorking ? "working" : "done" },
      leftMs: isWorking ? rest(expectedMs, elapsedMs) : undefined,
    };
  }

  /** Expected durations of later steps, plus the rest of the current one. */
  #leftMs(nowMs: number): number | undefined {
    const { stepsMs } = this.#expected;
    const steps = Object.keys(stepsMs);
    if (steps.length === 0) return undefined;
    let left = 0;
    for (const step of steps) {
      if (this.#ended.has(step)) continue;
      const took = this.#step?.name === step ? nowMs - this.#step.beganMs : 0;
      left += Math.max(0, (stepsMs[step] ?? 0) - took);
    }
    return left > 0 ? left : undefined;
  }
}

function rest(expectedMs: number | undefined, elapsedMs: number): number | undefined {
  return expectedMs !== undefined && expectedMs > elapsedMs ? expectedMs - elapsedMs : undefined;
}
