import { describe, expect, test } from "vitest";
import { until } from "../support/sandbox.ts";
import { useSharedTarget } from "../support/targets/shared.ts";
import { type Target, uniqueName, useHome } from "../support/targets/target.ts";
import { elasticTeam, startAutoscaler, untilRunning } from "./support/autoscaler.ts";

interface Counts {
  readonly counts: { readonly done: number };
}

function story(target: Target): void {
  const home = useHome(target);

  test("no workers, tasks added: workers start, tasks are done, workers go", async () => {
    const { sandbox, running } = home();
    const name = uniqueName("elastic");
    const cluster = `  target: ${target.name}\n`;
    const up = await sandbox.run(["up", sandbox.write("team.yaml", elasticTeam(name, { cluster }))]);
    expect(up.status, up.stderr).toBe(0);
    // The namespace is removed with the home.
    await running(name);
    const scaler = startAutoscaler(sandbox, ["--orchestrator", target.name]);
    const task = ["task", "add", '{"skill":"sleep","ms":1000}', "--capability", "work"];
    expect((await sandbox.run([...task, "--count", "10"])).status).toBe(0);
    await until("all are done", async () => (await sandbox.json<Counts>(["task", "list"])).counts.done === 10, 240_000);
    const counts = () => scaler.lines().flatMap(({ to, outcome }) => (outcome?.ok === true ? [to] : []));
    await untilRunning(sandbox, "worker", 0);
    await until("the last write is reported", () => counts().at(-1) === 0, 60_000);
    expect(Math.max(...counts().map((to) => to ?? 0))).toBe(4);
    // On docker by operations of the journal, as few as there were decisions.
    const { operations } = await sandbox.json<{ operations: { kind: string; status: string; actor: string }[] }>([
      ...["ops", "list", name],
    ]);
    const scales = operations.filter(({ kind }) => kind === "scale");
    expect(scales).toHaveLength(target.name === "docker" ? counts().length : 0);
    for (const { actor, status } of scales) {
      expect([actor, status]).toEqual([expect.stringMatching(/^autoscaler@/), "succeeded"]);
    }
    expect(await scaler.stop()).toMatchObject({ status: 0 });
    expect((await sandbox.run(["down", name, "--yes"])).status).toBe(0);
  });
}

describe("an autoscaler of containers", () => story(useSharedTarget("docker")));
describe("an autoscaler of pods", () => story(useSharedTarget("kubernetes")));
