import { expect, test } from "vitest";
import { until } from "../support/sandbox.ts";
import { clusterOn, operationsOf, statusOf, swarmctl } from "../support/targets/cluster.ts";
import { localTarget } from "../support/targets/local.ts";

const idOf = (text: string) => /op-\w{20,}/.exec(text)?.[0];

test("without a terminal a signal stops after the running step, a second one at once; both operations can be resumed", async ({
  onTestFinished,
}) => {
  const cluster = await clusterOn(localTarget, onTestFinished, { workers: "1", isPlanned: true });

  /** Runs a command until its first change, then sends signals, each after the previous one was handled. */
  async function interrupted(signals: number, ...args: string[]): Promise<string | undefined> {
    const { child, finished } = cluster.sandbox.start(args);
    let told = "";
    child.stderr?.on("data", (bytes: Buffer) => {
      told += bytes.toString();
    });
    await until("something is made", () => told.includes("created "), 60_000);
    child.kill("SIGINT");
    if (signals === 2) {
      await until("the first signal was handled", () => told.includes("stopping after this step"));
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
