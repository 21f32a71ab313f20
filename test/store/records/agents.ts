import { describe, expect, test } from "vitest";
import { hierarchy } from "../../../src/store/hierarchy.ts";
import { opened } from "../support/opened.ts";
import type { Places } from "../support/places.ts";

const writer = {
  ...{ clusterId: "c", instance: "writer-0", agent: "writer", role: "worker" },
  ...{ parent: "lead-0", capabilities: ["copy"] },
};

export function describeAgents(places: Places): void {
  describe("agents", () => {
    test("each registration has a new epoch; earlier ones are refused", async () => {
      const { store } = await opened(places);
      expect(await store.agents.register(writer)).toMatchObject({ ...writer, epoch: 1 });
      expect((await store.agents.register(writer)).epoch).toBe(2);
      const busy = { state: "busy", report: { open: 1 } };
      expect(await store.agents.heartbeat({ ...writer, epoch: 1 }, busy)).toBe(false);
      expect(await store.agents.heartbeat({ ...writer, epoch: 2 }, busy)).toBe(true);
      expect(await store.agents.show("c", "writer-0")).toMatchObject(busy);
      await store.agents.remove("c", "writer-0");
      expect(await store.agents.heartbeat({ ...writer, epoch: 2 }, busy)).toBe(false);
      expect(await store.agents.show("c", "writer-0")).toBeUndefined();
      expect((await store.agents.register(writer)).epoch).toBe(3);
      await store.close();
    });

    test("ten concurrent registrations have ten epochs", async () => {
      const { store } = await opened(places);
      const lives = await Promise.all(Array.from({ length: 10 }, () => store.agents.register(writer)));
      expect(new Set(lives.map(({ epoch }) => epoch)).size).toBe(10);
      await store.close();
    });

    test("a hierarchy", async () => {
      const { store } = await opened(places);
      await store.agents.register(writer);
      await store.agents.register({ ...writer, instance: "writer-1" });
      await store.agents.register({ ...writer, instance: "lead-0", agent: "lead", role: "lead", parent: null });
      const [root, ...others] = hierarchy(await store.agents.list("c"));
      expect(others).toEqual([]);
      expect(root?.agent.instance).toBe("lead-0");
      expect(root?.subordinates.map(({ agent }) => agent.instance)).toEqual(["writer-0", "writer-1"]);
      await store.close();
    });
  });
}
