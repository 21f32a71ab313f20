import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fakeMachine } from "./fakes.fixture.ts";
import { run } from "./run.ts";

const env = { PATH: "/usr/bin:/bin" };

test("gives the status and both outputs, and lines as they come", async () => {
  const lines: string[] = [];
  const script = "echo out; echo one >&2; echo two >&2; exit 3";
  const result = await run("/bin/sh", ["-c", script], { env, timeoutMs: 5000, onLine: (line) => lines.push(line) });
  expect(result).toEqual({ status: 3, stdout: "out\n", stderr: "one\ntwo" });
  expect(lines).toEqual(["one", "two"]);
});

test("a time-out kills what the command started, too", async () => {
  const { root } = await fakeMachine();
  const pidFile = join(root, "pid");
  const script = `sleep 60 & echo $! > ${pidFile}; wait`;
  const result = await run("/bin/sh", ["-c", script], { env, timeoutMs: 500 });
  expect(result).toMatchObject({ status: undefined, trouble: "no answer within 0.5 s" });
  const pid = Number(await readFile(pidFile, "utf8"));
  await expect.poll(() => isRunning(pid)).toBe(false);
});

test("a command that is not there is a result, not an error", async () => {
  const result = await run("/nowhere/command", [], { env, timeoutMs: 5000 });
  expect(result.status).toBeUndefined();
  expect(result.trouble).toContain("ENOENT");
});

test("a command that is ended from outside says by what", async () => {
  const result = await run("/bin/sh", ["-c", "kill -TERM $$"], { env, timeoutMs: 5000 });
  expect(result).toMatchObject({ status: undefined, trouble: "ended by SIGTERM" });
});

test("a signal that is aborted already ends it at once", async () => {
  const result = await run("/bin/sleep", ["60"], { env, timeoutMs: 60_000, signal: AbortSignal.abort() });
  expect(result).toMatchObject({ status: undefined, trouble: "interrupted" });
});

/** An unreaped zombie has ended as well. */
async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return status !== undefined && !/\) [ZX] /.test(status);
}
