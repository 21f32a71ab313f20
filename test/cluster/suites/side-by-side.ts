import { expect, test } from "vitest";
import { team } from "../../support/blueprints.ts";
import { runningInstances } from "../../support/cluster.ts";
import { type Target, uniqueName, useHome } from "../../support/targets/target.ts";

/** Concurrent commands on any target. */
export function sideBySideSuite(target: Target): void {
  const home = useHome(target);
  const [one, two, three] = [uniqueName("one"), uniqueName("two"), uniqueName("three")];
  const blueprint = (id: string, workers: string) =>
    home().sandbox.write(`${id}.yaml`, team({ id, workers, target: target.name }));

  test("two concurrent `up` of a cluster: one runs, the other fails with the lease's holder, or waits with --wait", async () => {
    const { sandbox } = home();
    const file = blueprint(one, "2");
    const [first, second] = await Promise.all([sandbox.run(["up", file]), sandbox.run(["up", file])]);
    const statuses = [first.status, second.status].sort();
    // On a slow machine the second may start after the first has ended: then both succeed in sequence.
    expect([
      [0, 0],
      [0, 4],
    ]).toContainEqual(statuses);
    const refused = [first, second].find(({ status }) => status === 4);
    if (refused !== undefined)
      expect(refused.stderr).toMatch(
        new RegExp(`SW601 .*cluster ${one} is busy: operation op-\\w+ \\(process \\d+ on `),
      );

    const waited = await Promise.all([
      sandbox.run(["up", file, "--wait", "3m"]),
      sandbox.run(["up", file, "--wait", "3m"]),
    ]);
    expect(
      waited.map(({ status }) => status),
      waited.map(({ stderr }) => stderr).join("\n"),
    ).toEqual([0, 0]);
    expect(await runningInstances(sandbox, one)).toEqual(["boss-0", "worker-0", "worker-1"]);
  });

  test("two clusters are updated concurrently, even if one program throws", async () => {
    const { sandbox } = home();
    const [good, bad] = await Promise.all([
      sandbox.run(["up", blueprint(two, "1")]),
      sandbox.run(["up", blueprint(three, "1-2"), "--target-workers", "9"]),
    ]);
    expect(good, good.stderr).toMatchObject({ status: 0 });
    expect(bad).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("target_workers (9) is over the sum of the agents' maxima (3"),
    });
    expect(await runningInstances(sandbox, two)).toEqual(["boss-0", "worker-0"]);
    expect(await runningInstances(sandbox, one)).toHaveLength(3);
  });
}
