import { describe, expect, test } from "vitest";
import { durableStateStore } from "../../../src/spawning/durable-state-store.ts";
import { NodeSpawner, NodeType } from "../../../src/spawning/index.ts";
import { openStore } from "../../../src/store/store.ts";
import { TurnedClock } from "../../tasks/support/setting.ts";
import { opened } from "../support/opened.ts";
import type { Places } from "../support/places.ts";

const template = { id: "writer", type: NodeType.MODEL, name: "Writer", config: {} };
const again = (error: { readonly code: string }) => error.code;

export function describeSpawning(places: Places): void {
  describe("spawning", () => {
    test("limit, cool-down and depth hold across a restart", async () => {
      const { store, clock } = await opened(places);
      const spawner = () =>
        new NodeSpawner(
          { maxSpawns: 3, cooldownMs: 100, maxSpawnDepth: 1 },
          { states: durableStateStore(store.spawnStates, "c"), now: () => clock.now() },
        );
      const original = await spawner().spawnNode(template);
      expect(await spawner().cloneNode(original).catch(again)).toBe("SW742");
      clock.advance(100);
      const clone = await spawner().cloneNode(original);
      clock.advance(100);
      expect(await spawner().cloneNode(clone).catch(again)).toBe("SW742");
      expect(await spawner().getSpawnRecord(clone.id)).toMatchObject({ spawnDepth: 1, templateNodeId: "writer-s1" });
      expect(await spawner().getMetrics()).toMatchObject({ totalSpawns: 2, activeSpawns: 2 });
      expect(
        await new NodeSpawner({}, { states: durableStateStore(store.spawnStates, "d") }).getSpawnHistory(),
      ).toEqual([]);
      await store.close();
    });

    test("of 100 callers on two connections that spawn at once, exactly max_spawns get a node", async () => {
      const location = await places.empty();
      const clock = new TurnedClock();
      const store = await openStore(location, clock);
      // Two connections of one process to a SQLite file would wait for each other: its driver blocks.
      const other = places.kind === "sqlite" ? store : await openStore(location, clock);
      const create = (states: typeof store.spawnStates) =>
        new NodeSpawner(
          { maxSpawns: 10, cooldownMs: 100 },
          { states: durableStateStore(states, "c"), now: () => clock.now() },
        );
      const processes = [create(store.spawnStates), create(other.spawnStates)];
      let waiting = 100;
      for (let round = 0; round < 12; round++) {
        const calls = Array.from({ length: waiting }, (_, caller) =>
          (processes[caller % 2] ?? create(store.spawnStates)).spawnNode(template).then(() => "spawned", again),
        );
        const spawned = (await Promise.all(calls)).filter((reply) => reply === "spawned").length;
        expect(spawned).toBe(round < 10 ? 1 : 0);
        waiting -= spawned;
        clock.advance(100);
      }
      expect(await processes[0]?.getMetrics()).toMatchObject({ activeSpawns: 10, totalSpawns: 10 });
      if (other !== store) await other.close();
      await store.close();
    });
  });
}
