import { expect, test } from "vitest";
import type { EngineRunEvent } from "../stacks/events.ts";
import type { Output } from "./output.ts";
import { showProgress } from "./progress.ts";

const resource = { urn: "urn:1", type: "swarmstack:index:AgentPool", name: "team-worker" };
const events: EngineRunEvent[] = [
  { type: "step", phase: "started", op: "create", resource },
  { type: "message", severity: "info", text: "1/2 running", resource, ephemeral: true },
  { type: "message", severity: "warning", text: "slow disk", resource, ephemeral: false },
  { type: "step", phase: "done", op: "create", resource, changes: [] },
  { type: "step", phase: "done", op: "same", resource: { ...resource, urn: "urn:2" }, changes: [] },
];

function record(json: boolean): { output: Output; lines: string[]; emitted: unknown[] } {
  const lines: string[] = [];
  const emitted: unknown[] = [];
  const output: Output = {
    json,
    terminal: false,
    live: false,
    result: () => {},
    line: (text) => lines.push(text),
    event: (value) => emitted.push(value),
    note: (line) => lines.push(line),
    style: (_style, text) => text,
  };
  return { output, lines, emitted };
}

test("plain lines show ended steps with their durations, and lasting messages", () => {
  const { output, lines } = record(false);
  let now = 0;
  const progress = showProgress(output, () => now);
  for (const event of events) {
    progress.onEvent(event);
    now += 1000;
  }
  progress.end();
  expect(lines).toEqual(["team-worker: slow disk", "created    AgentPool team-worker  3s"]);
});

test("with --json every event is printed", () => {
  const { output, lines, emitted } = record(true);
  const progress = showProgress(output);
  for (const event of events) progress.onEvent(event);
  expect(emitted).toEqual(events);
  expect(lines).toEqual([]);
});
