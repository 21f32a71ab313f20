import { describe, expect, test } from "vitest";
import type { Properties } from "../../base/values.ts";
import { containerFields } from "../container/inputs.ts";
import { diffFields } from "./diff-fields.ts";

interface Case {
  readonly what: string;
  readonly olds: Properties;
  readonly news: Properties;
  readonly changes: Readonly<Record<string, string>>;
}

const cases: readonly Case[] = [
  { what: "nothing is the same as empty", olds: { readOnly: false, dns: [], memory: 0 }, news: {}, changes: {} },
  {
    what: "what the official provider wrote is the same",
    olds: {
      mounts: [{ type: "volume", target: "/a", source: "b", readOnly: false, tmpfsOptions: null, __defaults: [] }],
    },
    news: { mounts: [{ type: "volume", target: "/a", source: "b" }] },
    changes: {},
  },
  { what: "a default is what it says", olds: { restart: "no" }, news: {}, changes: {} },
  {
    what: "a default that was left is a change",
    olds: { restart: "always" },
    news: {},
    changes: { restart: "update" },
  },
  {
    what: "false is no default of true",
    olds: { mustRun: true },
    news: { mustRun: false },
    changes: { mustRun: "update" },
  },
  { what: "order in a set", olds: { envs: ["A=1", "B=2"] }, news: { envs: ["B=2", "A=1"] }, changes: {} },
  {
    what: "order in a command line",
    olds: { command: ["a", "b"] },
    news: { command: ["b", "a"] },
    changes: { "command[0]": "update-replace", "command[1]": "update-replace" },
  },
  { what: "the daemon's choice", olds: { hostname: "abc", init: false }, news: {}, changes: {} },
  { what: "a limit", olds: { memory: 64 }, news: { memory: 32 }, changes: { memory: "update" } },
];

describe("§1 diff", () => {
  test.each(cases)("§1 diff: $what", ({ olds, news, changes }) => {
    expect(diffFields(containerFields, { olds, oldInputs: {}, news, ignoreChanges: [] }).changes).toEqual(changes);
  });

  test("§1 diff: a setting that the program takes out is a change, also where the daemon would have one", () => {
    const olds = { command: ["a"], name: "n" };
    const compared = { olds, oldInputs: olds, news: { name: "n" }, ignoreChanges: [] };
    expect(diffFields(containerFields, compared)).toEqual({
      changes: { command: "delete-replace" },
      deleteBeforeReplace: true,
    });
  });

  test("§1 diff: ignored places", () => {
    const compared = { olds: { envs: ["A=1"], memory: 1 }, oldInputs: {}, news: { envs: ["A=2"], memory: 2 } };
    expect(diffFields(containerFields, { ...compared, ignoreChanges: ["envs", "memory"] }).changes).toEqual({});
  });
});
