import { describe, expect, test } from "vitest";
import { type Lease, Leases } from "../../../src/store/leases.ts";
import { opened } from "../support/opened.ts";
import type { Places } from "../support/places.ts";

/** Leases that ignore the token, to show its purpose. */
class TokenlessLeases extends Leases {
  protected override isProof(row: Lease, lease: Lease): boolean {
    return row.holder === lease.holder;
  }
}

async function taken(leases: Leases, holder: string, ttlMs = 1_000): Promise<Lease> {
  const acquired = await leases.acquire("cluster:c", holder, ttlMs);
  if (!acquired.ok) throw new Error(`held by ${acquired.holder}`);
  return acquired.lease;
}

export function describeLeases(places: Places): void {
  describe("leases", () => {
    test("a lease has one holder; after a release the next one has a higher token", async () => {
      const { store, clock } = await opened(places);
      const first = await taken(store.leases, "a");
      expect(first).toMatchObject({ token: 1, expiresAt: clock.now() + 1_000 });
      expect(await store.leases.acquire("cluster:c", "b", 1_000)).toEqual({
        ...{ ok: false, holder: "a", expiresAt: first.expiresAt },
      });
      expect(await store.leases.release(first)).toBe(true);
      expect(await store.leases.show("cluster:c")).toBeUndefined();
      expect((await taken(store.leases, "b")).token).toBe(2);
      await store.close();
    });

    test("current leases are found by the prefix of their names", async () => {
      const { store, clock } = await opened(places);
      const given = await store.leases.acquire("watch/c", "a", 1_000);
      await store.leases.acquire("watch/a", "a", 1_000);
      await store.leases.acquire("watch/b", "b", 10);
      await store.leases.acquire("cluster/d", "a", 1_000);
      if (given.ok) await store.leases.release(given.lease);
      clock.advance(10);
      expect(await store.leases.held("watch/")).toMatchObject([{ name: "watch/a", holder: "a" }]);
      await store.close();
    });

    test("an expired lease is taken over; its previous holder is refused", async () => {
      const { store, clock } = await opened(places);
      const lost = await taken(store.leases, "a");
      clock.advance(1_000);
      expect(await store.leases.acquire("cluster:c", "b", 1_000)).toMatchObject({
        ...{ ok: true, takenOverFrom: "a", lease: { token: 2, holder: "b" } },
      });
      expect(await store.leases.renew(lost, 1_000)).toBeUndefined();
      expect(await store.leases.release(lost)).toBe(false);
      expect(await store.leases.show("cluster:c")).toMatchObject({ holder: "b", token: 2 });
      await store.close();
    });

    test("an expired lease without a new holder is renewed under its token", async () => {
      const { store, clock } = await opened(places);
      const lease = await taken(store.leases, "a");
      clock.advance(5_000);
      expect(await store.leases.renew(lease, 1_000)).toEqual({ ...lease, expiresAt: clock.now() + 1_000 });
      await store.close();
    });

    test("a restarted holder of the same name is distinguished by the token only", async () => {
      const { store, clock } = await opened(places);
      const earlier = await taken(store.leases, "a");
      const later = await taken(store.leases, "a");
      expect(later.token).toBe(2);
      expect(await store.leases.renew(earlier, 1_000)).toBeUndefined();
      const tokenless = new TokenlessLeases(store.database, clock);
      expect(await tokenless.renew(earlier, 1_000)).toBeDefined();
      await store.close();
    });

    test("one of twenty concurrent callers gets the lease", async () => {
      const { store } = await opened(places);
      const replies = await Promise.all(
        Array.from({ length: 20 }, (_, n) => store.leases.acquire("cluster:c", `holder-${n}`, 1_000)),
      );
      expect(replies.filter((reply) => reply.ok)).toHaveLength(1);
      await store.close();
    });
  });
}
