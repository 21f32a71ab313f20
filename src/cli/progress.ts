import { createLogUpdate } from "log-update";
import type { LifecycleEvent } from "../lifecycle/lifecycle.ts";
import type { OperationEvent, ResourceRef, StepOp } from "../stacks/events.ts";
import { duration, type Output } from "./output.ts";
import { kindOf } from "./resource-kind.ts";

/** Shows the events of one operation: live rows on a terminal, plain lines elsewhere, JSON lines with `--json`. */
export interface Progress {
  readonly onEvent: (event: LifecycleEvent) => void;
  /** Removes the live rows; plain lines and JSON stay. */
  end(): void;
}

interface Row {
  readonly resource: ResourceRef;
  readonly op: StepOp;
  readonly sinceMs: number;
  text: string;
}

const doing: Readonly<Record<StepOp, string>> = {
  same: "checking",
  create: "creating",
  update: "updating",
  delete: "deleting",
  replace: "replacing",
  read: "reading",
  refresh: "looking",
};

const done: Readonly<Record<StepOp, string>> = {
  same: "unchanged",
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  read: "read",
  refresh: "seen",
};

const quiet = new Set<StepOp>(["same", "read", "refresh"]);

/** One name can stand for several kinds: a workload, its account and its budget. */
function titleOf({ name, type }: ResourceRef): string {
  return `${kindOf(type)} ${name}`;
}

export function showProgress(output: Output, now: () => number = () => performance.now()): Progress {
  const rows = new Map<string, Row>();
  const screen = output.live ? createLogUpdate(process.stderr) : undefined;
  const timer = screen === undefined ? undefined : setInterval(draw, 250);
  timer?.unref();

  function draw(): void {
    if (screen === undefined) return;
    const lines = [...rows.values()].map(({ resource, op, sinceMs, text }) => {
      const head = `${output.style("cyan", doing[op].padEnd(10))} ${titleOf(resource)}`;
      return `${head}  ${text}  ${output.style("dim", duration(now() - sinceMs))}`;
    });
    screen(lines.join("\n"));
  }

  function line(text: string): void {
    screen?.clear();
    output.note(text);
    draw();
  }

  function step({ resource, op, phase }: Extract<OperationEvent, { type: "step" }>): void {
    if (quiet.has(op)) return;
    const row = rows.get(resource.urn);
    if (phase === "started") {
      rows.set(resource.urn, { resource, op, sinceMs: now(), text: "" });
      draw();
      return;
    }
    rows.delete(resource.urn);
    const took = row === undefined ? "" : `  ${output.style("dim", duration(now() - row.sinceMs))}`;
    const word =
      phase === "failed" ? output.style("red", "failed".padEnd(10)) : output.style("green", done[op].padEnd(10));
    line(`${word} ${titleOf(resource)}${took}`);
  }

  function message(event: Extract<OperationEvent, { type: "message" }>): void {
    const row = event.resource === undefined ? undefined : rows.get(event.resource.urn);
    if (event.ephemeral) {
      if (row !== undefined) row.text = event.text;
      draw();
      return;
    }
    const name = event.resource === undefined ? "" : `${event.resource.name}: `;
    const style = { info: "dim", warning: "yellow", error: "red" } as const;
    line(output.style(style[event.severity], `${name}${event.text}`));
  }

  function phase({ name, phase: at }: Extract<LifecycleEvent, { type: "phase" }>): void {
    if (at === "started") return;
    const style = at === "failed" ? "red" : at === "done" ? "green" : "yellow";
    line(`${output.style(style, at.padEnd(10))} ${output.style("bold", name)}`);
  }

  return {
    onEvent(event) {
      if (output.json) output.event(event);
      else if (event.type === "step") step(event);
      else if (event.type === "message") message(event);
      else if (event.type === "phase") phase(event);
      else if (event.type === "operation") line(output.style("dim", `${event.kind} ${event.cluster}: ${event.id}`));
    },
    end() {
      clearInterval(timer);
      screen?.clear();
    },
  };
}
