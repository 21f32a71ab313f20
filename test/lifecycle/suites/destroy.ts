import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type LifecycleTarget, statusOf, swarmctl, teach } from "../support/cluster.ts";

/** The end of a cluster, on any target. */
export function destroySuite(target: LifecycleTarget): void {
  test("destroy keeps an archive: blueprint, record and last states; --purge keeps none", async ({
    onTestFinished,
  }) => {
    const cluster = await target.cluster(onTestFinished, { workers: "2" });
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
