import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CheckpointManifest, rootHash, sha256 } from "../../../src/agent-api/checkpoints/manifest.ts";
import { clusterOn, detailOf, operationsOf, statusOf, swarmctl, teach } from "../../support/targets/cluster.ts";
import type { Target } from "../../support/targets/target.ts";

/** Destroy on any target. */
export function destroySuite(target: Target): void {
  test("destroy archives the blueprint, the record and the last states; --purge keeps no archive", async ({
    onTestFinished,
  }) => {
    const cluster = await clusterOn(target, onTestFinished, { workers: "2" });
    await teach(cluster, 6);
    const { state } = await statusOf(cluster);
    expect(state).toBe("running");
    await swarmctl(cluster, "destroy", cluster.name, "--yes");
    expect(await cluster.running()).toEqual([]);
    const archives = join(cluster.sandbox.home, ".swarmstack", "archive");
    const [folder = ""] = readdirSync(archives);
    expect(readFileSync(join(archives, folder, "blueprint.yaml"), "utf8")).toBe(
      readFileSync(cluster.blueprint, "utf8"),
    );
    const instances = [cluster.instance("boss", 0), cluster.instance("worker", 0), cluster.instance("worker", 1)];
    expect(readdirSync(join(archives, folder, "checkpoints")).sort()).toEqual(
      ["chunks", ...instances.map((instance) => `${instance}.json`)].sort(),
    );
    const gone = await cluster.sandbox.run(["scale", cluster.name, "--to", "2"]);
    expect(gone).toMatchObject({ status: 1, stderr: expect.stringContaining("SW605") });
  });
}

/** Destroy of a hibernated cluster, on targets where checkpoints are readable while nothing runs. */
export function destroyAsleepSuite(target: Target): void {
  test("destroy of a hibernated cluster archives the states from before the hibernation", async ({
    onTestFinished,
  }) => {
    const cluster = await clusterOn(target, onTestFinished, { workers: "2" });
    await teach(cluster, 6);
    await swarmctl(cluster, "hibernate", cluster.name);
    const [hibernate] = await operationsOf(cluster);
    const saved = await detailOf<Record<string, string>>(cluster, hibernate?.id ?? "", "checkpoint");
    await swarmctl(cluster, "destroy", cluster.name, "--yes");
    const archives = join(cluster.sandbox.home, ".swarmstack", "archive");
    const [archive = ""] = readdirSync(archives);
    const folder = join(archives, archive, "checkpoints");
    for (const [id, root] of Object.entries(saved)) {
      const { chunks } = JSON.parse(readFileSync(join(folder, `${id}.json`), "utf8")) as CheckpointManifest;
      const present = chunks.map((hash) => sha256(readFileSync(join(folder, "chunks", hash))));
      expect(rootHash(present), id).toBe(root);
    }
    expect(Object.keys(saved)).toEqual(["boss-0", "worker-0", "worker-1"]);
  });
}
