import { expect, test } from "vitest";
import { until } from "../support/sandbox.ts";
import { onTerminal } from "../support/terminal.ts";
import { operationsOf, statusOf, swarmctl } from "./support/cluster.ts";
import { localTarget } from "./support/local-target.ts";

const idOf = (text: string) => /op-\w{20,}/.exec(text)?.[0];

test("Ctrl-C on a terminal leaves the operation at work, and names the command that follows it", async ({
  onTestFinished,
}) => {
  const cluster = await localTarget.cluster(onTestFinished, { workers: "1", isPlanned: true });
  const terminal = onTerminal(cluster.sandbox, ["up", cluster.blueprint], (child) =>
    onTestFinished(() => void child.kill("SIGKILL")),
  );
  const id = await until("the operation has begun", () => idOf(terminal.screen()), 60_000);
  await until("a row for each role is shown", () => /waiting.*worker Worker/.test(terminal.screen()), 60_000);
  terminal.interrupt();
  expect(await terminal.ended, terminal.screen()).toBe(130);
  expect(terminal.screen()).toContain(`operation ${id} goes on in the background`);
  expect(terminal.screen()).toContain(`swarmctl ops follow ${id}`);
  const followed = await swarmctl(cluster, "ops", "follow", id);
  expect(followed.stderr).toContain("spawn of team: succeeded");
  expect(await statusOf(cluster)).toMatchObject({ status: "ACTIVE", state: "running" });
  expect(await operationsOf(cluster)).toMatchObject([{ id, status: "succeeded" }]);
});

test("without a terminal a signal ends after the running step, and a second one at once; both are gone on with", async ({
  onTestFinished,
}) => {
  const cluster = await localTarget.cluster(onTestFinished, { workers: "1", isPlanned: true });

  /** Runs a command until it has made something, and sends it so many signals, each when it has heard the one before. */
  async function interrupted(signals: number, ...args: string[]): Promise<string | undefined> {
    const { child, finished } = cluster.sandbox.start(args);
    let told = "";
    child.stderr?.on("data", (bytes: Buffer) => {
      told += bytes.toString();
    });
    await until("something is made", () => told.includes("created "), 60_000);
    child.kill("SIGINT");
    if (signals === 2) {
      await until("it has heard the first one", () => told.includes("stopping after the running step"));
      child.kill("SIGINT");
    }
    expect(await finished).toMatchObject({ status: 130 });
    return idOf(told);
  }

  const id = (await interrupted(1, "up", cluster.blueprint)) ?? "";
  expect(await operationsOf(cluster)).toMatchObject([{ id, status: "failed" }]);
  expect(await interrupted(2, "ops", "resume", id)).toBe(id);
  await swarmctl(cluster, "ops", "resume", id);
  expect(await statusOf(cluster)).toMatchObject({ status: "ACTIVE", state: "running" });
});
