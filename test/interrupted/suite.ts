import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { team } from "../support/blueprints.ts";
import { runningInstances, up } from "../support/cluster.ts";
import { Sandbox, until } from "../support/sandbox.ts";

/** Processes of this cluster start only while the file `gate` exists, so that a test controls when an update can end. */
const sandbox = new Sandbox();
const gate = join(sandbox.home, "gate");
const command = ["sh", "-c", `test -e ${gate} && exec sleep 1000; exit 1`];
const blueprint = sandbox.write("team.yaml", team({ id: "team", workers: "1-6", command }));
const door = { SWARM_BLUEPRINT: blueprint };

const open = () => sandbox.write("gate", "");
const close = () => rmSync(gate, { force: true });

function enginePid(): number | undefined {
  const folder = join(sandbox.backend, ".pulumi", "locks", "organization", "swarmstack", "team");
  try {
    const [name] = readdirSync(folder).filter((entry) => entry.endsWith(".json"));
    return name === undefined
      ? undefined
      : (JSON.parse(readFileSync(join(folder, name), "utf8")) as { pid: number }).pid;
  } catch {
    return undefined;
  }
}

interface Status {
  readonly generation: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly state: string;
}

const status = () => sandbox.json<Status>(["status", "team"]);
const workers = async () => (await runningInstances(sandbox, "team")).filter((name) => name.startsWith("worker"));

/** Creates the cluster before the tests of a file, and removes it after them. */
export function useCluster(): void {
  beforeAll(async () => {
    open();
    await up(sandbox, [blueprint]);
  });
  afterAll(() => sandbox.dispose());
}

/** The desired state survives a kill of the engine. */
export function killedEngineSuite(): void {
  test("kill -9 of the engine during an update: a bare `pulumi up` completes it", async () => {
    close();
    const { finished } = sandbox.start(["up", blueprint, "--target-workers", "4"]);
    const site = () => readdirSync(join(sandbox.home, ".swarmstack", "clusters"))[0] ?? "";
    await until("the update is under way", () => {
      const spec = join(sandbox.home, ".swarmstack", "clusters", site(), "pools", "worker.json");
      return readFileSync(spec, "utf8").includes('"count":3') || /"count": 3/.test(readFileSync(spec, "utf8"));
    });
    const pid = enginePid();
    if (pid === undefined) throw new Error("the engine holds no lock");
    process.kill(pid, "SIGKILL");
    const killed = await finished;
    expect(killed.status).toBe(1);
    expect(await status()).toMatchObject({ generation: 2, counts: { worker: 3 } });

    open();
    const bare = await sandbox.run(["pulumi", "up", "--stack", "team", "--yes", "--non-interactive"], door);
    expect(bare, bare.stderr).toMatchObject({ status: 0, stderr: expect.stringContaining("cleared the lock") });
    expect(await workers()).toHaveLength(3);
  });
}

/** Tests that depend on the interrupted update, in this order. */
export function laterUpdatesSuite(): void {
  test("after a completed update a bare preview shows no change, from a second home folder too", async () => {
    const preview = ["pulumi", "preview", "--stack", "team", "--expect-no-changes", "--non-interactive"];
    expect(await sandbox.run(preview, door)).toMatchObject({ status: 0 });
    const second = new Sandbox({ SWARM_BACKEND: `file://${sandbox.backend}` });
    try {
      const seen = await second.run(preview, door);
      expect(seen, seen.stdout).toMatchObject({ status: 0 });
      expect((await up(second, [blueprint])).changes).toEqual({ same: 5 });
      expect(await runningInstances(second, "team")).toHaveLength(4);
    } finally {
      await second.dispose();
    }
  });

  test("a bare `pulumi up` retries a failed update", async () => {
    const missing = join(sandbox.home, "agent");
    await mkdir(missing, { recursive: true });
    const program = join(missing, "run.sh");
    const other = sandbox.write("other.yaml", team({ id: "team", workers: "1-6", command: [program] }));
    const failed = await sandbox.run(["up", other, "--target-workers", "3"]);
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain("run.sh");
    expect(await status()).toMatchObject({ generation: 3, counts: { worker: 2 } });

    sandbox.write("agent/run.sh", "#!/bin/sh\nexec sleep 1000\n");
    (await import("node:fs")).chmodSync(program, 0o755);
    const again = await sandbox.run(["pulumi", "up", "--stack", "team", "--yes", "--non-interactive"], {
      SWARM_BLUEPRINT: other,
    });
    expect(again, again.stdout).toMatchObject({ status: 0 });
    expect(await workers()).toHaveLength(2);
  });

  test("SIGHUP without a terminal stops as SIGTERM does: after the step, and up repairs", async () => {
    close();
    const shell = sandbox.write("team.yaml", team({ id: "team", workers: "1-6", command }));
    const { child, finished } = sandbox.start(["up", shell, "--json"]);
    let seen = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      seen += chunk.toString();
    });
    await until("the worker's update has begun", () => /"op":"update"[^\n]*team-worker/.test(seen));
    child.kill("SIGHUP");
    const stopped = await finished;
    expect(stopped.status, stopped.stdout).toBe(130);
    open();
    expect((await up(sandbox, [shell])).changes).toMatchObject({ update: 1 });
    expect(await workers()).toHaveLength(2);
  });

  test("a file beside the state that was truncated by kill -9 of the engine does not prevent reading the state", async () => {
    const before = await status();
    const state = join(sandbox.backend, ".pulumi", "stacks", "swarmstack", "team.json");
    // As the engine's file backend leaves it (src/stacks/attributes.ts).
    writeFileSync(`${state}.attrs`, "");
    expect(await status()).toEqual(before);
    writeFileSync(`${state}.attrs`, "");
    await up(sandbox, [blueprint]);
    expect(await status()).toMatchObject({ counts: before.counts, state: "running" });
  });
}
