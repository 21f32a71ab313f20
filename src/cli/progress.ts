import { createLogUpdate } from "log-update";
import { Track } from "../lifecycle/executor/progress/track.ts";
import type { LifecycleEvent } from "../lifecycle/lifecycle.ts";
import { printable } from "../platform/printable.ts";
import type { EngineRunEvent, ResourceRef, StepOp } from "../stacks/events.ts";
import { duration, type Output, toTerminal } from "./output.ts";
import { kindOf } from "./plan/step.ts";
import { liveRows } from "./progress-rows.ts";
import { stepTitle } from "./step-title.ts";

/** Shows the events of an operation as live rows on a terminal, as plain lines, or as JSON lines with `--json`. */
export interface Progress {
  /** @param atMs time of the event in milliseconds since the epoch; default: now */
  readonly onEvent: (event: LifecycleEvent, atMs?: number) => void;
  /** Stops updating; the last rows stay on the screen. */
  readonly end: () => void;
}

const done: Readonly<Record<StepOp, string>> = {
  same: "unchanged",
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  read: "read",
  refresh: "refreshed",
};

const quiet = new Set<StepOp>(["same", "read", "refresh"]);

/** Includes the kind: a workload, its service account and its disruption budget share a name. */
function titleOf({ name, type }: ResourceRef): string {
  return printable(`${kindOf(type)} ${name}`);
}

/** Shows the progress of one operation on an output. */
export function showProgress(output: Output, now: () => number = Date.now): Progress {
  const track = new Track();
  const began = new Map<string, number>();
  const screen = output.live ? createLogUpdate(process.stderr) : undefined;
  const timer = screen === undefined ? undefined : setInterval(draw, 250);
  timer?.unref();

  function draw(): void {
    const height = (process.stderr.rows || 24) - 2;
    screen?.(toTerminal(liveRows(track, now(), height, output.style).join("\n")));
  }

  function line(text: string): void {
    screen?.clear();
    output.note(text);
    draw();
  }

  /** Returns the formatted duration since the start of `key`, and forgets it. */
  function ended(key: string, atMs: number): string {
    const since = began.get(key);
    began.delete(key);
    return since === undefined ? "" : `  ${output.style("dim", duration(atMs - since))}`;
  }

  function step({ resource, op, phase }: Extract<EngineRunEvent, { type: "step" }>, atMs: number): void {
    if (quiet.has(op)) return;
    if (phase === "started") {
      began.set(resource.urn, atMs);
      return;
    }
    const took = ended(resource.urn, atMs);
    if (phase === "failed") line(`${output.style("red", "failed".padEnd(10))} ${titleOf(resource)}${took}`);
    // On a terminal the row of its part shows it.
    else if (!output.live) line(`${output.style("green", done[op].padEnd(10))} ${titleOf(resource)}${took}`);
  }

  function message(event: Extract<EngineRunEvent, { type: "message" }>): void {
    if (event.ephemeral) return;
    const name = event.resource === undefined ? "" : `${event.resource.name}: `;
    const style = { info: "dim", warning: "yellow", error: "red" } as const;
    line(output.style(style[event.severity], `${name}${event.text}`));
  }

  function phase({ name, phase: at }: Extract<LifecycleEvent, { type: "phase" }>, atMs: number): void {
    if (at === "started" || at === "undoing") began.set(`step ${name}`, atMs);
    if (at === "started") return;
    const style = at === "failed" ? "red" : at === "done" ? "green" : "yellow";
    const took = at === "undoing" ? "" : ended(`step ${name}`, atMs);
    line(`${output.style(style, at.padEnd(10))} ${output.style("bold", stepTitle(name))}${took}`);
  }

  return {
    onEvent(event, atMs = now()) {
      if (output.json) {
        output.event(event);
        return;
      }
      track.hear(event, atMs);
      if (event.type === "step") step(event, atMs);
      else if (event.type === "message") message(event);
      else if (event.type === "phase") phase(event, atMs);
      else if (event.type === "operation") line(output.style("dim", `${event.kind} ${event.cluster}: ${event.id}`));
      draw();
    },
    end() {
      clearInterval(timer);
      draw();
      screen?.done();
    },
  };
}
