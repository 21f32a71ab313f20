import { expect, test } from "vitest";
import type { Row } from "../lifecycle/executor/progress/track.ts";
import { liveRows } from "./progress-rows.ts";

const row = (title: string, more: Partial<Row> = {}): Row => ({
  ...{ title, state: "waiting", doing: "", text: "", elapsedMs: 0, leftMs: undefined },
  ...more,
});
const overview = { kind: "hibernate", cluster: "team", step: "drain", elapsedMs: 5_000, leftMs: 28_000 };
const show = (rows: readonly Row[], height: number) =>
  liveRows({ overview: () => overview, rows: () => rows }, 0, height, (_style, text) => text);

test("an overview line, and one row per role and pool", () => {
  const rows = [
    row("supervisor Boss", { state: "done", elapsedMs: 4_000 }),
    row("worker Worker", { state: "working", doing: "draining", text: "1/4", elapsedMs: 5_000, leftMs: 3_000 }),
    row("pool h100"),
    row("worker Other", { state: "failed", doing: "updating", text: "no node has 8 GPUs free", elapsedMs: 61_000 }),
  ];
  expect(show(rows, 20)).toEqual([
    "hibernate team: drain  5s, about 28s left",
    "done                  supervisor Boss  4s",
    "draining              worker Worker    1/4  5s, about 3s left",
    "waiting               pool h100      ",
    "failed                worker Other     no node has 8 GPUs free  1m01s",
  ]);
});

test("a small screen shows failed and working rows first, and the number of hidden ones", () => {
  const rows = [
    ...Array.from({ length: 98 }, (_, number) => row(`worker ${number}`)),
    row("worker last", { state: "working", doing: "updating" }),
    row("worker bad", { state: "failed" }),
  ];
  const lines = show(rows, 6);
  expect(lines).toHaveLength(6);
  expect(lines.slice(1, 3).map((line) => line.split("  ").at(-2)?.trim() ?? line)).toEqual([
    "worker bad",
    "worker last",
  ]);
  expect(lines.at(-1)).toBe("... and 96 more");
});
