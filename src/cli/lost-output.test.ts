import { expect, test } from "vitest";
import { judgeLostOutput, onlyShows } from "./lost-output.ts";

const failed = (code: string) => Object.assign(new Error(code), { code });

test.each([
  ["status", true],
  ["--json status", true],
  ["logs worker-0 --follow", true],
  ["ops follow op-1", true],
  ["task list", true],
  ["plan team.yaml", true],
  ["", true],
  ["up --help", true],
  ["up team.yaml --json", false],
  ["ops resume op-1", false],
  ["task add x", false],
  ["task add status", false],
  ["down", false],
  ["exec worker-0 status", false],
  ["pulumi up", false],
  ["a-command-of-tomorrow", false],
])("swarmctl %s only shows: %s", (line, shows) => {
  expect(onlyShows(line.split(" ").filter((word) => word !== ""))).toBe(shows);
});

test.each([
  ["EPIPE", "status", { action: "exit", status: 0 }],
  ["EIO", "logs x", { action: "exit", status: 0 }],
  ["ENOSPC", "status", { action: "exit", status: 1, line: "error SW510  standard output cannot be written (ENOSPC)" }],
  ["EPIPE", "up", { action: "ignore" }],
  ["ERR_STREAM_DESTROYED", "up", { action: "ignore" }],
  [
    "ENOSPC",
    "up",
    { action: "tell", line: "standard output cannot be written (ENOSPC); the command continues without it" },
  ],
])("%s at the output of %s", (code, command, lost) => {
  expect(judgeLostOutput(failed(code), command.split(" "), false)).toEqual(lost);
});

test("a full device is told once", () => {
  expect(judgeLostOutput(failed("ENOSPC"), ["up"], true)).toEqual({ action: "ignore" });
});
