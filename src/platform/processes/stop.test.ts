import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { eventually } from "../../drivers/process/scratch.fixture.ts";
import { identify, type ProcessIdentity } from "./identity.ts";
import { markedProcesses, type SiteMark } from "./marked.ts";
import { isAlive, signalProcess } from "./signal.ts";
import { stopTree } from "./stop.ts";

/** Canonical or not, nothing needs to be there. */
const dir = `/no/such/site/${process.pid}`;

type OnFinished = (clean: () => void) => void;

async function start(
  mark: Required<SiteMark>,
  instance: string,
  script: string,
  onFinished: OnFinished,
): Promise<ProcessIdentity> {
  const env = { PATH: process.env.PATH, SWARM_SITE: mark.dir, SWARM_SITE_ID: mark.id, SWARM_INSTANCE: instance };
  const child = spawn("sh", ["-c", `${script}\necho ready; while :; do sleep 0.05; done`], {
    detached: true,
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  onFinished(() => {
    for (const one of markedProcesses({ dir })) signalProcess(one, "SIGKILL", false);
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const identity = identify(child.pid ?? 0);
  if (!identity) throw new Error("not started");
  return identity;
}

test("only the instance itself is ended: not another one, nor its namesake of a site that was there before", async ({
  onTestFinished,
}) => {
  const site = { dir, id: "new" };
  const leader = await start(site, "writer-0", ":", onTestFinished);
  const other = await start(site, "writer-1", ":", onTestFinished);
  const namesake = await start({ dir, id: "old" }, "writer-0", ":", onTestFinished);
  expect(await stopTree({ site, instance: "writer-0", leader }, 5_000)).toBe(true);
  expect([leader, other, namesake].map(isAlive)).toEqual([false, true, true]);
});

test("what an ended leader left behind is found by its mark", async ({ onTestFinished }) => {
  const site = { dir, id: "left" };
  const leader = await start(site, "writer-0", "sleep 600 & setsid sleep 600 &", onTestFinished);
  process.kill(leader.pid, "SIGKILL");
  await eventually(() => (isAlive(leader) ? undefined : true));
  expect(markedProcesses(site).length).toBeGreaterThanOrEqual(2);
  expect(await stopTree({ site, instance: "writer-0", leader }, 0)).toBe(true);
  expect(markedProcesses(site)).toEqual([]);
});
