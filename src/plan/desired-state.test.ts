import { describe, expect, test } from "vitest";
import {
  applyPatch,
  clusterName,
  type DesiredState,
  desiredStatePatchSchema,
  desiredStateSchema,
  effectiveReplicas,
  isAsleep,
  type Proposal,
  pausesAutoscalers,
  refuseMoved,
  refuseOtherOperations,
} from "./desired-state.ts";

const birth = { uid: "u1", site: undefined };
const v1 = { id: "marketing-v1", version: "1.0.0", digest: "d1" };

const location: Proposal["place"] = {
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
  return {
    blueprint: v1,
    bounds: { agents, minWorkers: 3, maxWorkers: 20 },
    place: location,
    change: {},
    ...overrides,
  };
}

const first: DesiredState = applyPatch(undefined, proposal(), birth);

describe("applyPatch", () => {
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
      place: location,
    });
  });

  test("without a change the document stays the same", () => {
    expect(applyPatch(first, proposal(), { uid: "other", site: undefined })).toBe(first);
  });

  test("a requested size survives programs that request nothing", () => {
    const scaled = applyPatch(first, proposal({ change: { targetWorkers: 5 } }), birth);
    expect(scaled).toMatchObject({ generation: 2, counts: { creator: 4 } });
    expect(applyPatch(scaled, proposal(), birth)).toBe(scaled);
  });

  test("an edited blueprint is a new generation that keeps what still fits", () => {
    const edited = proposal({ blueprint: { ...v1, version: "1.1.0", digest: "d2" } }, [0, 1]);
    expect(() => applyPatch(first, edited, birth)).toThrow(
      "target_workers (3) is over the sum of the agents' maxima (2",
    );
    const wider = proposal({ blueprint: { ...v1, digest: "d3" } }, [4, 6]);
    expect(applyPatch(first, wider, birth)).toMatchObject({ uid: "u1", generation: 2, counts: { creator: 4 } });
  });

  test("the site is set once, when the cluster first becomes local", () => {
    const site = { host: "here", dir: "/a" };
    const local = applyPatch(first, proposal(), { uid: "u1", site });
    expect(local).toMatchObject({ generation: 2, site });
    expect(applyPatch(local, proposal(), { uid: "u1", site: { host: "there", dir: "/b" } })).toBe(local);
  });

  test("another location is refused; a new address of the control plane is accepted on request", () => {
    const moved = { ...location, server: "https://new" };
    expect(() => applyPatch(first, proposal({ place: moved }), birth)).toThrow(
      "this cluster runs on kubernetes (context",
    );
    const taken = applyPatch(first, proposal({ place: moved, change: { replaceBlueprint: true } }), birth);
    expect(taken).toMatchObject({ generation: 2, place: moved });
  });

  test("another blueprint is refused with both names, unless it is requested", () => {
    const other = { id: "einkauf-v1", version: "2.0.0", digest: "d9" };
    expect(() => applyPatch(first, proposal({ blueprint: other }), birth)).toThrow(
      'this stack runs blueprint "marketing-v1" (1.0.0), the program reads "einkauf-v1" (2.0.0)',
    );
    const taken = applyPatch(first, proposal({ blueprint: other, change: { replaceBlueprint: true } }), birth);
    expect(taken).toMatchObject({ generation: 2, blueprint: other });
  });

  test("autostop is kept by every other change, until the rules of the blueprint apply again", () => {
    const set = applyPatch(first, proposal({ change: { autostop: { idleMs: 1_800_000 } } }), birth);
    expect(set).toMatchObject({ generation: 2, autostop: { idleMs: 1_800_000 } });
    expect(applyPatch(set, proposal({ change: { autostop: { idleMs: 1_800_000 } } }), birth)).toBe(set);
    expect(applyPatch(set, proposal({}), birth)).toBe(set);
    const asleep = applyPatch(set, proposal({ change: { power: "hibernated" } }), birth);
    expect(asleep).toMatchObject({ generation: 3, autostop: { idleMs: 1_800_000 } });
    expect(applyPatch(asleep, proposal({ change: { autostop: {} } }), birth)).toMatchObject({ autostop: {} });
    expect(applyPatch(asleep, proposal({ change: { autostop: null } }), birth).autostop).toBeUndefined();
    expect(applyPatch(first, proposal({ change: { autostop: null } }), birth)).toBe(first);
    const { autostop: _, ...older } = first;
    expect(desiredStateSchema.parse(JSON.parse(JSON.stringify(older))).autostop).toBeUndefined();
    expect(desiredStateSchema.parse(JSON.parse(JSON.stringify(set))).autostop).toEqual({ idleMs: 1_800_000 });
  });

  test("counts that people set stay set through every other change, until they are released", () => {
    const pinned = applyPatch(
      first,
      proposal({ change: { counts: { creator: 3 }, pins: { creator: { by: "ada" } } } }),
      birth,
    );
    expect(pinned).toMatchObject({ pins: { creator: { by: "ada" } }, generation: first.generation + 1 });
    expect(applyPatch(pinned, proposal(), birth)).toBe(pinned);
    const asleep = applyPatch(pinned, proposal({ change: { power: "hibernated" } }), birth);
    expect(asleep.pins).toEqual(pinned.pins);
    const released = applyPatch(pinned, proposal({ change: { pins: { creator: null } } }), birth);
    expect(released).not.toHaveProperty("pins");
    expect(released.generation).toBe(pinned.generation + 1);
  });

  test("hibernation keeps the counts to restore, and runs none; a program that requests nothing reactivates nothing", () => {
    const asleep = applyPatch(first, proposal({ change: { power: "hibernated" } }), birth);
    expect(asleep).toMatchObject({ generation: 2, power: "hibernated", counts: first.counts });
    expect(effectiveReplicas(asleep)).toEqual({ supervisor: 0, creator: 0 });
    expect(applyPatch(asleep, proposal(), birth)).toBe(asleep);
    const edited = applyPatch(asleep, proposal({ blueprint: { ...v1, digest: "d2" } }), birth);
    expect(edited).toMatchObject({ power: "hibernated", generation: 3 });
    const awake = applyPatch(edited, proposal({ blueprint: edited.blueprint, change: { power: "active" } }), birth);
    expect(effectiveReplicas(awake)).toEqual(first.counts);
  });

  test("sizes of single agents: in their range and in the cluster's, or refused with the numbers", () => {
    const ask = (counts: Record<string, number>) => applyPatch(first, proposal({ change: { counts } }), birth);
    expect(ask({ creator: 4 }).counts).toEqual({ supervisor: 1, creator: 4 });
    expect(() => ask({ creator: 6 })).toThrow("creator cannot have 6 instances: its range is 0 to 5");
    expect(() => ask({ creator: 1 })).toThrow("the cluster's size (2) is under min_workers (3)");
    expect(() => ask({ writer: 1 })).toThrow("writer cannot have 1 instances: there is no such agent");
  });

  test("an open operation: only its own program runs, and ends it", () => {
    const mine = (change: Proposal["change"]) => proposal({ operation: "op-1", change });
    const open = applyPatch(first, mine({ phase: "hibernating" }), birth);
    expect(open).toMatchObject({ generation: 2, operation: { id: "op-1", phase: "hibernating" } });
    expect(applyPatch(open, mine({ phase: "hibernating" }), birth)).toBe(open);
    for (const other of [proposal(), proposal({ operation: "op-2", change: { ends: true } })]) {
      expect(() => applyPatch(open, other, birth)).toThrow(
        "this cluster is in the middle of operation op-1 (hibernating)",
      );
    }
    const ended = applyPatch(open, mine({ power: "hibernated", ends: true }), birth);
    expect(ended).toMatchObject({ generation: 3, power: "hibernated", operation: undefined });
    expect(applyPatch(ended, mine({ power: "hibernated", ends: true }), birth)).toBe(ended);
  });

  test("a cluster from another stack keeps its name and the id of its migration", () => {
    const arrives = { arrives: { cluster: "team" }, phase: "arriving", counts: { creator: 4 } };
    const there = applyPatch(undefined, proposal({ operation: "op-1", change: arrives }), birth);
    expect(there).toMatchObject({
      arrival: { cluster: "team", operation: "op-1" },
      operation: { id: "op-1", phase: "arriving" },
      counts: { creator: 4 },
    });
    expect(clusterName(there, "team-g2")).toBe("team");
    expect(clusterName(first, "team")).toBe("team");
    const settled = applyPatch(there, proposal({ operation: "op-1", change: { ends: true } }), birth);
    expect(settled).toMatchObject({ arrival: there.arrival, operation: undefined });
    // An existing stack has no arrival.
    const again = proposal({ operation: "op-2", change: { arrives: { cluster: "other" } } });
    expect(applyPatch(settled, again, birth)).toBe(settled);
  });

  test("a moved cluster never runs here again: its tombstone stays, and the operation that moved it may report it twice", () => {
    const open = applyPatch(first, proposal({ operation: "op-1", change: { phase: "migrating" } }), birth);
    const change = { moved: { stack: "team-g2", to: "docker" }, ends: true };
    const left = applyPatch(open, proposal({ operation: "op-1", change }), birth);
    expect(left).toMatchObject({ moved: { stack: "team-g2", to: "docker", operation: "op-1" }, operation: undefined });
    expect(applyPatch(left, proposal({ operation: "op-1", change }), birth)).toBe(left);
    for (const other of [proposal(), proposal({ operation: "op-2" })]) {
      expect(() => applyPatch(left, other, birth)).toThrow("this cluster has moved to docker: it is stack team-g2 now");
    }
  });

  test.each<{ title: string; change: Partial<Proposal> }>([
    { title: "its version", change: { blueprint: { ...v1, version: "1.0.1" } } },
    { title: "its text", change: { blueprint: { ...v1, digest: "d2" } } },
    { title: "the location, where it was not recorded before", change: { place: { ...location, by: "option" } } },
    { title: "the counts", change: { change: { counts: { creator: 3 } } } },
    { title: "the power", change: { change: { power: "hibernated" } } },
    { title: "an operation", change: { operation: "op-1", change: { phase: "begun" } } },
    { title: "a move", change: { operation: "op-1", change: { moved: { stack: "s", to: "docker" } } } },
  ])("one new value is a new generation, and nothing else changes: $title", ({ change }) => {
    const next = applyPatch(first, proposal(change), birth);
    expect(next.generation).toBe(2);
    expect(next.uid).toBe(first.uid);
    expect(applyPatch(next, proposal({ ...change, change: {} }), birth)).toBe(next);
  });

  test("an added or removed agent is a new generation", () => {
    const agents = [...proposal().bounds.agents, { key: "writer", min: 0, max: 1 }];
    const more = proposal({ bounds: { agents, minWorkers: 3, maxWorkers: 20 }, blueprint: { ...v1, digest: "d2" } });
    const grown = applyPatch(first, more, birth);
    expect(grown.counts).toEqual({ supervisor: 1, creator: 2, writer: 0 });
    expect(applyPatch(grown, proposal({ blueprint: { ...v1, digest: "d3" } }), birth).counts).toEqual(first.counts);
  });

  test("a size and sizes of single agents go together, for a new cluster too", () => {
    const change = { targetWorkers: 4, counts: { creator: 5 } };
    expect(applyPatch(undefined, proposal({ change }), birth).counts).toEqual({ supervisor: 1, creator: 5 });
    expect(applyPatch(first, proposal({ change }), birth).counts).toEqual({ supervisor: 1, creator: 5 });
  });

  test("a new cluster can start hibernated, and with an open operation", () => {
    const change = { power: "hibernated", phase: "arriving" } as const;
    expect(applyPatch(undefined, proposal({ operation: "op-1", change }), birth)).toMatchObject({
      power: "hibernated",
      operation: { id: "op-1", phase: "arriving" },
    });
  });

  test("only an operation sets a phase, an arrival or a move", () => {
    const change = { phase: "begun", arrives: { cluster: "team" }, moved: { stack: "s", to: "docker" } };
    expect(applyPatch(undefined, proposal({ change }), birth)).toMatchObject({
      operation: undefined,
      arrival: undefined,
    });
    expect(applyPatch(first, proposal({ change }), birth)).toBe(first);
  });

  test("an operation goes from phase to phase", () => {
    const open = applyPatch(first, proposal({ operation: "op-1", change: { phase: "one" } }), birth);
    const later = applyPatch(open, proposal({ operation: "op-1", change: { phase: "two" } }), birth);
    expect(later).toMatchObject({ generation: 3, operation: { id: "op-1", phase: "two" } });
    expect(applyPatch(later, proposal({ operation: "op-1" }), birth)).toBe(later);
  });

  test("refusals have both blueprints, and hints", () => {
    const other = { id: "einkauf-v1", version: "2.0.0", digest: "d9" };
    expect(() => applyPatch(first, proposal({ blueprint: other }), birth)).toThrow(
      expect.objectContaining({
        ...{ code: "SW607", values: { recorded: v1, given: other } },
        hints: [expect.stringContaining("SWARM_BLUEPRINT"), expect.stringContaining("--take")],
      }),
    );
  });
});

test("an open operation refuses all others, with hints how to end it", () => {
  const operation = { id: "op-1", phase: "begun" };
  expect(() => refuseOtherOperations(undefined, undefined)).not.toThrow();
  expect(() => refuseOtherOperations(operation, "op-1")).not.toThrow();
  expect(() => refuseOtherOperations(operation, "op-2")).toThrow(
    expect.objectContaining({
      ...{ code: "SW621", values: { operation } },
      hints: [expect.stringContaining("ops resume op-1"), expect.stringContaining("ops rollback op-1")],
    }),
  );
});

test("a moved cluster refuses all but the operation that moved it", () => {
  const moved = { stack: "team-g2", to: "docker", operation: "op-1" };
  expect(() => refuseMoved(undefined, undefined)).not.toThrow();
  expect(() => refuseMoved(moved, "op-1")).not.toThrow();
  expect(() => refuseMoved(moved, undefined)).toThrow(
    expect.objectContaining({ code: "SW624", values: { moved }, hints: [expect.any(String)] }),
  );
});

test.each([
  { power: "active", operation: undefined, asleep: false, pauses: false },
  { power: "active", operation: { id: "op-1", phase: "begun" }, asleep: false, pauses: true },
  { power: "hibernated", operation: undefined, asleep: true, pauses: true },
] as const)("$power with operation $operation: asleep $asleep, autoscalers stand still $pauses", (one) => {
  expect(isAsleep(one)).toBe(one.asleep);
  expect(pausesAutoscalers(one)).toBe(one.pauses);
});

test("a change is parsed whole", () => {
  const change = {
    ...{ targetWorkers: 3, counts: { a: 1 }, power: "active", phase: "begun", ends: true, replaceBlueprint: true },
    ...{ arrives: { cluster: "team" }, moved: { stack: "team-g2", to: "docker" } },
  } as const;
  expect(desiredStatePatchSchema.parse(change)).toEqual(change);
  expect(desiredStatePatchSchema.parse({})).toEqual({});
  expect(() => desiredStatePatchSchema.parse({ power: "off" })).toThrow();
});

test("a recorded document without power state and optional properties is read as one of an active cluster", () => {
  const { power: _power, ...old } = JSON.parse(JSON.stringify(applyPatch(undefined, proposal(), birth)));
  for (const name of ["operation", "arrival", "moved", "place", "site"]) delete old[name];
  expect(desiredStateSchema.parse(old)).toEqual({
    ...old,
    power: "active",
    ...{ operation: undefined, arrival: undefined, moved: undefined, place: undefined, site: undefined },
  });
});

test("a recorded document is read as it was written, with all its properties", () => {
  const full: DesiredState = {
    ...applyPatch(undefined, proposal(), birth),
    ...{
      power: "hibernated",
      operation: { id: "op-1", phase: "moving" },
      arrival: { cluster: "team", operation: "op-1" },
    },
    moved: { stack: "team-g2", to: "docker", operation: "op-1" },
    site: { host: "here", dir: "/sites/team" },
  };
  expect(desiredStateSchema.parse(JSON.parse(JSON.stringify(full)))).toEqual(full);
});
