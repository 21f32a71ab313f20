import { expect, test } from "vitest";
import { until } from "../support/sandbox.ts";
import { clusterOn, operationsOf, statusOf, swarmctl } from "../support/targets/cluster.ts";
import { localTarget } from "../support/targets/local.ts";
import { onTerminal } from "../support/terminal.ts";

const idOf = (text: string) => /op-\w{20,}/.exec(text)?.[0];

test("Ctrl-C on a terminal leaves the operation running and prints the command that follows it", async ({
  onTestFinished,
}) => {
  const cluster = await clusterOn(localTarget, onTestFinished, { workers: "1", isPlanned: true });
  const terminal = onTerminal(cluster.sandbox, ["up", cluster.blueprint], (child) =>
    onTestFinished(() => void child.kill("SIGKILL")),
  );
  const id = await until("the operation has begun", () => idOf(terminal.screen()), 60_000);
  await until("a row for each role is shown", () => /waiting.*worker Worker/.test(terminal.screen()), 60_000);
  terminal.interrupt();
  expect(await terminal.ended, terminal.screen()).toBe(130);
  expect(terminal.screen()).toContain(`operation ${id} continues in the background`);
  expect(terminal.screen()).toContain(`swarmctl ops follow ${id}`);
  const followed = await swarmctl(cluster, "ops", "follow", id);
  expect(followed.stderr).toContain(`spawn of ${cluster.name}: succeeded`);
  expect(await statusOf(cluster)).toMatchObject({ status: "ACTIVE", state: "running" });
  expect(await operationsOf(cluster)).toMatchObject([{ id, status: "succeeded" }]);
});
