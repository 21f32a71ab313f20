import { styleText } from "node:util";
import { expect, test, vi } from "vitest";
import type { TaskView } from "../agent-api/control/task-wire.ts";
import { agentTable } from "./commands/agents.ts";
import { eventLine } from "./commands/events.ts";
import { logLine } from "./commands/logs.ts";
import { describeTask } from "./commands/task.ts";
import { createOutput, toTerminal } from "./output.ts";
import { liveRows } from "./progress-rows.ts";
import { table } from "./table.ts";

/** A colour, a window title, a C1 sequence, an override, a line that looks like ours. */
const evil = "\u001b[31mred\u001b]0;owned\u0007\u009b2J\u202egnp\r\nteam: ACTIVE, no change";
const oneLine = "\\x1b[31mred\\x1b]0;owned\\x07\\x9b2J\\u202egnp\\r\\nteam: ACTIVE, no change";

function printing(json = false) {
  const written = { out: "", err: "" };
  const into = (stream: keyof typeof written) => (text: string | Uint8Array) => {
    written[stream] += text;
    return true;
  };
  const out = vi.spyOn(process.stdout, "write").mockImplementation(into("out"));
  const err = vi.spyOn(process.stderr, "write").mockImplementation(into("err"));
  const stop = () => {
    out.mockRestore();
    err.mockRestore();
    return written;
  };
  return { output: createOutput(json), stop };
}

const task: TaskView = {
  ...{ id: "t", selector: { agent: "writer" }, payload: null, priority: "normal", idempotencyKey: "k", state: "dead" },
  ...{ attempt: 1, handedBack: 0, maxAttempts: 3, leaseMs: 1, availableAt: 1, createdAt: 1, error: evil },
};
const agent = {
  ...{ cluster: "team", instance: "w-0", agent: "w", role: "worker", name: evil, state: "backing-off" as const },
  ...{ reason: evil, restarts: 1, tasks: 0 },
};

test.each([
  ["a table", () => table(["A"], [[evil]]).split("\n")[1]],
  ["an event", () => eventLine({ at: 0, offset: 1, kind: "memory.changed", key: evil }).split("key=")[1]],
])("%s shows a text of others on one line, without control characters", (_name, show) => {
  expect(show()).toBe(oneLine);
});

test("an agent's name and reason cannot break the table of instances", () => {
  const lines = agentTable([agent], 0).split("\n");
  expect(lines).toHaveLength(2);
  expect(toTerminal(lines[1] ?? "")).toBe(lines[1]);
});

test("a task's error and result: further lines are indented", () => {
  const { output, stop } = printing();
  output.result(task, () => describeTask(task));
  const done = { value: "a\n(t: done by lead-0)\r\u001b[2J", attempt: 1, instance: "w-0", epoch: 1, acceptedAt: 1 };
  output.result(task, () => describeTask({ ...task, state: "done", result: done }));
  const [dead, forged, value, ...rest] = stop().out.split("\n");
  expect([dead?.startsWith("t: dead, attempt 1 of 3: \\x1b[31mred"), forged]).toEqual([
    true,
    "  team: ACTIVE, no change",
  ]);
  expect([value, ...rest]).toEqual([
    "a",
    "  (t: done by lead-0)",
    "  \\x1b[2J",
    "(t: done by w-0, attempt 1 of 3)",
    "",
  ]);
});

test("notes keep the colours of our own and indent further lines; live rows stay one line each", () => {
  vi.stubEnv("FORCE_COLOR", "1");
  const { output, stop } = printing();
  output.note(`${output.style("red", "failed")} ${evil}`);
  output.note(output.style("bold", output.style("dim", "\u001b[8mhidden")));
  const rows = [{ title: evil, state: "failed" as const, doing: "", text: evil, elapsedMs: 1, leftMs: undefined }];
  const overview = { kind: "up", cluster: "team", step: undefined, elapsedMs: 1, leftMs: undefined };
  const live = liveRows({ overview: () => overview, rows: () => rows }, 0, 9, output.style);
  const { err } = stop();
  vi.unstubAllEnvs();
  const style = (name: "red" | "dim" | "bold", text: string) => styleText(name, text, { validateStream: false });
  const [first, second, third] = err.split("\n");
  expect(first?.replace(style("red", "failed"), "failed")).toBe(`failed ${oneLine.split("\\r\\n")[0]}`);
  expect(second).toBe("  team: ACTIVE, no change");
  expect(third?.replaceAll("\u001b[1m", "").replaceAll("\u001b[2m", "").replaceAll("\u001b[22m", "")).toBe(
    "\\x1b[8mhidden",
  );
  expect(live).toHaveLength(2);
  expect(live[1]).not.toMatch(/[\r\n]/);
});

test("JSON keeps its values, without characters that a terminal acts upon", () => {
  const { output, stop } = printing(true);
  output.event({ evil });
  output.result({ evil }, () => "");
  const { out } = stop();
  const [event, ...result] = out.split("\n");
  expect([JSON.parse(event ?? ""), JSON.parse(result.join("\n"))]).toEqual([{ evil }, { evil }]);
  expect(toTerminal(out)).toBe(out);
});

test("a line of a log is escaped unless it is asked for as it is", () => {
  const line = "\u001b[32mok\u001b[0m\t1";
  expect(logLine("w-0", line, { alone: true, raw: false })).toBe("\\x1b[32mok\\x1b[0m\t1");
  expect(logLine("w-0", line, { alone: false, raw: true })).toBe(`w-0 | ${line}`);
});
