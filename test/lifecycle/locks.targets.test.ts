import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { team } from "../support/blueprints.ts";
import { Sandbox } from "../support/sandbox.ts";

/** Writes an engine lock of the stack "team". @returns the file of the lock */
function lock(sandbox: Sandbox, holder: { readonly hostname: string; readonly pid: number }): string {
  const folder = join(sandbox.backend, ".pulumi", "locks", "organization", "swarmstack", "team");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "0f8fad5b-d9cb-469f-a165-70867728950e.json");
  writeFileSync(file, JSON.stringify({ ...holder, username: "ada", timestamp: "2026-11-22T10:00:00Z" }));
  return file;
}

test("a lock of another host is kept and reported with holder and age; a lock of a dead process on this host is removed", async ({
  onTestFinished,
}) => {
  const sandbox = new Sandbox();
  onTestFinished(() => sandbox.dispose());
  const blueprint = sandbox.write("team.yaml", team({ id: "team", workers: "1-3" }));
  const up = await sandbox.run(["up", blueprint]);
  expect(up, up.stderr).toMatchObject({ status: 0 });

  const elsewhere = lock(sandbox, { hostname: "elsewhere", pid: 4711 });
  const refused = await sandbox.run(["scale", "team", "--to", "3", "--no-wait"]);
  expect(refused).toMatchObject({
    status: 4,
    stderr: expect.stringContaining("locked by ada@elsewhere (process 4711) since 2026-11-22T10:00:00.000Z"),
  });
  const bare = await sandbox.run(["pulumi", "up", "--yes", "--stack", "team", "--non-interactive"], {
    SWARM_BLUEPRINT: blueprint,
  });
  expect(bare.status).not.toBe(0);
  expect(bare.stdout + bare.stderr).toContain("created by ada@elsewhere (pid 4711) at 2026-11-22T10:00:00Z");
  expect(existsSync(elsewhere)).toBe(true);

  const { pid } = spawnSync(process.execPath, ["--version"]);
  const here = lock(sandbox, { hostname: hostname(), pid });
  const again = await sandbox.run(["up", blueprint]);
  expect(again, again.stderr).toMatchObject({ status: 0 });
  expect(again.stderr).toContain(`cleared the lock that process ${pid} left on 2026-11-22T10:00:00`);
  expect(existsSync(here)).toBe(false);
});

describe("two home folders with a shared backend and no shared store", () => {
  test.each([
    ["up", "team.yaml"],
    ["scale", "team", "--to", "2"],
    ["hibernate", "team"],
    ["reactivate", "team"],
    ["destroy", "team", "--yes"],
    ["ops", "list"],
  ])("swarmctl %s is refused", async (...args) => {
    const shared = { SWARM_BACKEND: "s3://states", PULUMI_CONFIG_PASSPHRASE: "known to both" };
    const homes = [new Sandbox(shared), new Sandbox(shared)];
    try {
      for (const home of homes) {
        home.write("team.yaml", team({ id: "team", workers: "1" }));
        const refused = await home.run(args);
        expect(refused, refused.stderr).toMatchObject({ status: 1, stdout: "" });
        expect(refused.stderr).toContain("SW609  the shared backend s3://states requires a shared journal");
      }
    } finally {
      for (const home of homes) await home.dispose();
    }
  });
});
