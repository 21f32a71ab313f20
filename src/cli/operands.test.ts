import { expect, test } from "vitest";
import { splitOperands } from "./operands.ts";

const isOff = (word: string) => word === "off";

test.each([
  [[undefined, undefined], undefined, { cluster: undefined, other: undefined }],
  [["team", undefined], undefined, { cluster: "team", other: undefined }],
  [["team", "writer"], undefined, { cluster: "team", other: "writer" }],
  [["off", undefined], undefined, { cluster: undefined, other: "off" }],
  [["team", "off"], undefined, { cluster: "team", other: "off" }],
  [["writer", undefined], "team", { cluster: "team", other: "writer" }],
  [["team", undefined], "team", { cluster: "team", other: undefined }],
  [["team", "writer"], "team", { cluster: "team", other: "writer" }],
] as const)("%j with --cluster %s", (words, option, split) => {
  expect(splitOperands(words, option, isOff)).toEqual(split);
});

test("two clusters are refused", () => {
  expect(() => splitOperands(["team", "writer"], "other")).toThrow("two clusters are named: team and other");
});
