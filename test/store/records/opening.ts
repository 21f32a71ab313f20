import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { openStore } from "../../../src/store/store.ts";
import { opened } from "../support/opened.ts";
import type { Places } from "../support/places.ts";

const run = promisify(execFile);
const opener = fileURLToPath(new URL("../support/open.ts", import.meta.url));
const clock = { now: () => Date.now() };

export function describeOpening(places: Places): void {
  describe("opening", () => {
    test("the tables of the original and the added ones exist", async () => {
      const { store } = await opened(places);
      const tables = await store.database.sql.introspection.getTables();
      expect(tables.map((table) => table.name).toSorted()).toEqual([
        ...["audit", "cluster_agents", "cluster_blueprints", "cluster_metrics", "cluster_stacks", "clusters"],
        ...[
          "leases",
          "operation_steps",
          "operations",
          "scaling_decisions",
          "scaling_memory",
          "scaling_pauses",
          "spawn_states",
        ],
        ...["task_dead_letters", "task_results", "task_workers", "tasks"],
      ]);
      await store.close();
    });

    test("six processes migrate an empty store concurrently", async () => {
      const location = await places.empty();
      await Promise.all(Array.from({ length: 6 }, () => run(process.execPath, [opener, JSON.stringify(location)])));
      const store = await openStore(location, clock);
      expect((await store.audit.list({ limit: 10 })).items).toHaveLength(6);
      await store.close();
    });

    test("a store of a newer version is refused", async () => {
      const location = await places.empty();
      const store = await openStore(location, clock);
      const later = { name: "9999-later", timestamp: new Date().toISOString() };
      const sql = store.database.sql.withoutPlugins().withTables<{ kysely_migration: typeof later }>();
      await sql.insertInto("kysely_migration").values(later).execute();
      await store.close();
      await expect(openStore(location, clock)).rejects.toMatchObject({
        ...{ code: "SW603", message: expect.stringContaining("newer version") },
      });
    });

    test("a failed transaction leaves no changes", async () => {
      const { store } = await opened(places);
      const work = store.transaction(async (records) => {
        await records.audit.append({ actor: "a", action: "begun" });
        await records.leases.acquire("x", "me", 1_000);
        throw new Error("power cut");
      });
      await expect(work).rejects.toThrow("power cut");
      expect((await store.audit.list({ limit: 10 })).items).toEqual([]);
      expect(await store.leases.show("x")).toBeUndefined();
      await store.close();
    });

    test.runIf(places.kind === "sqlite")("only its user can access the file", async () => {
      const location = await places.empty();
      const store = await openStore(location, clock);
      const path = location.kind === "sqlite" ? location.path : "";
      for (const file of [path, `${path}-wal`]) expect(statSync(file).mode & 0o777).toBe(0o600);
      await store.close();
    });

    test.runIf(places.kind === "postgres")("the error for an unreachable server omits its password", async () => {
      const location = { kind: "postgres", url: "postgresql://u:hunter2@127.0.0.1:1/d" } as const;
      const error: unknown = await openStore(location, clock).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "SW603" });
      expect(String(error)).not.toContain("hunter2");
    });
  });
}
