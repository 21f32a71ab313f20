import { describe, expect, test } from "vitest";
import { activate, claimStack, otherStacks, refuseStackName } from "../../../src/lifecycle/records/cluster-stacks.ts";
import type { Store } from "../../../src/store/store.ts";
import { opened } from "../support/opened.ts";
import type { Places } from "../support/places.ts";
import { marketing } from "./clusters.ts";

async function cluster(store: Store, name: string) {
  const made = await store.clusters.create({ ...marketing, tenant: "default", name, activeStack: name });
  if (made === undefined) throw new Error(`there is a cluster ${name}`);
  return made;
}

async function leaseOf(store: Store, holder: string) {
  const acquired = await store.leases.acquire("cluster/c", holder, 1_000);
  if (!acquired.ok) throw new Error("held");
  return acquired.lease;
}

export function describeStacks(places: Places): void {
  describe("stacks of clusters that move", () => {
    test("names are given once: past those of other clusters, and of their stacks", async () => {
      const { store } = await opened(places);
      const team = await cluster(store, "team");
      await cluster(store, "team-g2");
      const first = await claimStack(store, team);
      expect(first).toBe("team-g3");
      expect(await otherStacks(store, team.id)).toEqual(["team-g3"]);
      expect(await claimStack(store, team)).toBe("team-g4");
      await expect(refuseStackName(store, "team-g3")).rejects.toMatchObject({ code: "SW620" });
      await store.stacks.release("team-g3");
      await refuseStackName(store, "team-g3");
      await store.close();
    });

    test("two that claim at once get different names", async () => {
      const { store } = await opened(places);
      const team = await cluster(store, "team");
      const names = await Promise.all(Array.from({ length: 6 }, () => claimStack(store, team)));
      expect(new Set(names).size).toBe(names.length);
      await store.close();
    });

    test("one of two makes its stack the active one; whoever has lost the lease changes nothing", async () => {
      const { store, clock } = await opened(places);
      const team = await cluster(store, "team");
      const old = await leaseOf(store, "a");
      clock.advance(2_000);
      const lease = await leaseOf(store, "b");
      const stale = activate(store, old, team.id, { from: "team", to: "team-g2" });
      await expect(stale).rejects.toMatchObject({ code: "SW601" });
      expect((await store.clusters.show(team.id))?.activeStack).toBe("team");
      // Again it is success: whoever resumes does not know that it was done.
      for (let times = 0; times < 2; times++) await activate(store, lease, team.id, { from: "team", to: "team-g2" });
      const other = activate(store, lease, team.id, { from: "team", to: "team-g3" });
      await expect(other).rejects.toMatchObject({ code: "SW601" });
      expect((await store.clusters.show(team.id))?.activeStack).toBe("team-g2");
      expect(await otherStacks(store, team.id)).toEqual(["team"]);
      await store.close();
    });
  });
}
