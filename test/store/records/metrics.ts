import { describe, expect, test } from "vitest";
import { opened } from "../support/opened.ts";
import type { Places } from "../support/places.ts";

const hourMs = 3_600_000;

export function describeMetrics(places: Places): void {
  describe("metrics", () => {
    test("the samples of a bucket are one point with its extremes; a missing value is not zero", async () => {
      const { store, clock } = await opened(places);
      const from = clock.now();
      await store.metrics.record("c", { queue_length: 4, cpu_usage: 0.5 });
      await store.metrics.record("c", { queue_length: 10 });
      await store.metrics.record("other", { queue_length: 99 });
      clock.advance(10_000);
      await store.metrics.record("c", { queue_length: 1, error_rate: Number.NaN });
      const request = { clusterId: "c", from, to: clock.now(), stepMs: 10_000 };
      expect(await store.metrics.list({ ...request, metric: "queue_length" })).toEqual([
        { at: from, samples: 2, mean: 7, least: 4, most: 10 },
        { at: from + 10_000, samples: 1, mean: 1, least: 1, most: 1 },
      ]);
      expect(await store.metrics.list({ ...request, metric: "cpu_usage" })).toHaveLength(1);
      expect(await store.metrics.list({ ...request, metric: "error_rate" })).toEqual([]);
      await store.close();
    });

    test("old samples are kept at a coarse resolution, and deleted later", async () => {
      const { store, clock } = await opened(places);
      const from = clock.now();
      for (let minute = 0; minute < 3; minute++) {
        await store.metrics.record("c", { queue_length: minute });
        clock.advance(60_000);
      }
      const points = async (stepMs: number) => {
        await store.metrics.prune();
        return (await store.metrics.list({ clusterId: "c", metric: "queue_length", from, to: clock.now(), stepMs }))
          .length;
      };
      expect(await points(10_000)).toBe(3);
      clock.advance(3 * hourMs);
      expect(await points(10_000)).toBe(3);
      clock.advance(72 * hourMs);
      expect(await points(10_000)).toBe(1);
      clock.advance(24_000 * hourMs);
      expect(await points(10_000)).toBe(0);
      const { rows } = await store.database.sql
        .selectFrom("clusterMetrics")
        .select((row) => row.fn.countAll<number>().as("rows"))
        .executeTakeFirstOrThrow();
      expect(rows).toBe(0);
      await store.close();
    });

    test("an audit", async () => {
      const { store, clock } = await opened(places);
      await store.audit.append({ actor: "ana", action: "cluster.scale", clusterId: "c", detail: { to: 4 } });
      await store.audit.append({ actor: "ben", action: "blueprint.put" });
      expect((await store.audit.list({ limit: 5 })).items.map(({ actor }) => actor)).toEqual(["ben", "ana"]);
      expect((await store.audit.list({ clusterId: "c", limit: 5 })).items).toMatchObject([
        { at: clock.now(), actor: "ana", action: "cluster.scale", detail: { to: 4 }, operationId: null },
      ]);
      await store.close();
    });
  });
}
