import { describe, expect, test } from "vitest";
import { clusterName, effectiveCounts, nextWish, type Proposal, type Wish } from "./wish.ts";

const birth = { uid: "u1", site: undefined };
const v1 = { id: "marketing-v1", version: "1.0.0", digest: "d1" };

const place: Proposal["place"] = {
  target: "kubernetes",
  by: "blueprint",
  context: "prod",
  server: "https://prod",
  namespace: "team",
};

function proposal(overrides: Partial<Proposal> = {}, creator: [number, number] = [0, 5]): Proposal {
  const agents = [
    { key: "supervisor", min: 1, max: 1 },
    { key: "creator", min: creator[0], max: creator[1] },
  ];
  return { blueprint: v1, bounds: { agents, minWorkers: 3, maxWorkers: 20 }, place, change: {}, ...overrides };
}

const first: Wish = nextWish(undefined, proposal(), birth);

describe("nextWish", () => {
  test("a new cluster starts with the default target", () => {
    expect(first).toEqual({
      version: 1,
      ...birth,
      generation: 1,
      blueprint: v1,
      counts: { supervisor: 1, creator: 2 },
      power: "active",
      operation: undefined,
      arrival: undefined,
      moved: undefined,
      place,
    });
  });

  test("without a change it is carried on, the very same document", () => {
    expect(nextWish(first, proposal(), { uid: "other", site: undefined })).toBe(first);
  });

  test("a size that was asked for survives programs that ask for nothing", () => {
    const scaled = nextWish(first, proposal({ change: { targetWorkers: 5 } }), birth);
    expect(scaled).toMatchObject({ generation: 2, counts: { creator: 4 } });
    expect(nextWish(scaled, proposal(), birth)).toBe(scaled);
  });

  test("an edited blueprint is a new generation that keeps what still fits", () => {
    const edited = proposal({ blueprint: { ...v1, version: "1.1.0", digest: "d2" } }, [0, 1]);
    expect(() => nextWish(first, edited, birth)).toThrow("target_workers (3) is over the sum of the agents' maxima (2");
    const wider = proposal({ blueprint: { ...v1, digest: "d3" } }, [4, 6]);
    expect(nextWish(first, wider, birth)).toMatchObject({ uid: "u1", generation: 2, counts: { creator: 4 } });
  });

  test("the site is decided once, and when the cluster first becomes local", () => {
    const site = { host: "here", dir: "/a" };
    const local = nextWish(first, proposal(), { uid: "u1", site });
    expect(local).toMatchObject({ generation: 2, site });
    expect(nextWish(local, proposal(), { uid: "u1", site: { host: "there", dir: "/b" } })).toBe(local);
  });

  test("another place is refused; a new address of the control plane is taken when that is asked for", () => {
    const moved = { ...place, server: "https://new" };
    expect(() => nextWish(first, proposal({ place: moved }), birth)).toThrow(
      "this cluster runs on kubernetes (context",
    );
    const taken = nextWish(first, proposal({ place: moved, change: { replaceBlueprint: true } }), birth);
    expect(taken).toMatchObject({ generation: 2, place: moved });
  });

  test("another blueprint is refused with both names, unless it is asked for", () => {
    const other = { id: "einkauf-v1", version: "2.0.0", digest: "d9" };
    expect(() => nextWish(first, proposal({ blueprint: other }), birth)).toThrow(
      'this stack runs blueprint "marketing-v1" (1.0.0), the program reads "einkauf-v1" (2.0.0)',
    );
    const taken = nextWish(first, proposal({ blueprint: other, change: { replaceBlueprint: true } }), birth);
    expect(taken).toMatchObject({ generation: 2, blueprint: other });
  });

  test("hibernation keeps the counts to wake to, and wishes for none; a program that asks for nothing wakes nothing", () => {
    const asleep = nextWish(first, proposal({ change: { power: "hibernated" } }), birth);
    expect(asleep).toMatchObject({ generation: 2, power: "hibernated", counts: first.counts });
    expect(effectiveCounts(asleep)).toEqual({ supervisor: 0, creator: 0 });
    expect(nextWish(asleep, proposal(), birth)).toBe(asleep);
    const edited = nextWish(asleep, proposal({ blueprint: { ...v1, digest: "d2" } }), birth);
    expect(edited).toMatchObject({ power: "hibernated", generation: 3 });
    const awake = nextWish(edited, proposal({ blueprint: edited.blueprint, change: { power: "active" } }), birth);
    expect(effectiveCounts(awake)).toEqual(first.counts);
  });

  test("sizes of single agents: in their range and in the cluster's, or refused with the numbers", () => {
    const ask = (counts: Record<string, number>) => nextWish(first, proposal({ change: { counts } }), birth);
    expect(ask({ creator: 4 }).counts).toEqual({ supervisor: 1, creator: 4 });
    expect(() => ask({ creator: 6 })).toThrow("creator cannot have 6 instances: its range is 0 to 5");
    expect(() => ask({ creator: 1 })).toThrow("the cluster's size (2) is under min_workers (3)");
    expect(() => ask({ writer: 1 })).toThrow("writer cannot have 1 instances: there is no such agent");
  });

  test("an open operation: nobody else's program runs, its own goes on and ends it", () => {
    const mine = (change: Proposal["change"]) => proposal({ operation: "op-1", change });
    const open = nextWish(first, mine({ phase: "hibernating" }), birth);
    expect(open).toMatchObject({ generation: 2, operation: { id: "op-1", phase: "hibernating" } });
    expect(nextWish(open, mine({ phase: "hibernating" }), birth)).toBe(open);
    for (const other of [proposal(), proposal({ operation: "op-2", change: { ends: true } })]) {
      expect(() => nextWish(open, other, birth)).toThrow(
        "this cluster is in the middle of operation op-1 (hibernating)",
      );
    }
    const ended = nextWish(open, mine({ power: "hibernated", ends: true }), birth);
    expect(ended).toMatchObject({ generation: 3, power: "hibernated", operation: undefined });
    expect(nextWish(ended, mine({ power: "hibernated", ends: true }), birth)).toBe(ended);
  });

  test("a cluster that has come from another stack knows its name and who brought it, for good", () => {
    const arrives = { arrives: { cluster: "team" }, phase: "arriving", counts: { creator: 4 } };
    const there = nextWish(undefined, proposal({ operation: "op-1", change: arrives }), birth);
    expect(there).toMatchObject({
      arrival: { cluster: "team", operation: "op-1" },
      operation: { id: "op-1", phase: "arriving" },
      counts: { creator: 4 },
    });
    expect(clusterName(there, "team-g2")).toBe("team");
    expect(clusterName(first, "team")).toBe("team");
    const settled = nextWish(there, proposal({ operation: "op-1", change: { ends: true } }), birth);
    expect(settled).toMatchObject({ arrival: there.arrival, operation: undefined });
    // A stack that is there has not come from elsewhere.
    const again = proposal({ operation: "op-2", change: { arrives: { cluster: "other" } } });
    expect(nextWish(settled, again, birth)).toBe(settled);
  });

  test("what has moved is never run here again: the word of it stays, and whoever moved it may say so twice", () => {
    const open = nextWish(first, proposal({ operation: "op-1", change: { phase: "migrating" } }), birth);
    const change = { moved: { stack: "team-g2", to: "docker" }, ends: true };
    const left = nextWish(open, proposal({ operation: "op-1", change }), birth);
    expect(left).toMatchObject({ moved: { stack: "team-g2", to: "docker", operation: "op-1" }, operation: undefined });
    expect(nextWish(left, proposal({ operation: "op-1", change }), birth)).toBe(left);
    for (const other of [proposal(), proposal({ operation: "op-2" })]) {
      expect(() => nextWish(left, other, birth)).toThrow("this cluster has moved to docker: it is stack team-g2 now");
    }
  });
});
