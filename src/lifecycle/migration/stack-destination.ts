import pLimit from "p-limit";
import type { TargetKind } from "../../blueprint/model.ts";
import { SwarmError } from "../../errors.ts";
import { copyCheckpoint } from "../../runtime/control/checkpoint-calls.ts";
import type { Control } from "../../runtime/control/control.ts";
import { carryTasks, readMovable, turnGate, verifyStates, writeLedger } from "../../runtime/control/move-calls.ts";
import { poll } from "../../runtime/wait.ts";
import { instancesOf, reachedOn } from "../instances.ts";
import type { Run } from "../run.ts";
import { translated } from "./counterparts.ts";
import type { Pauses } from "./pauses.ts";
import type { DestinationPort, Moments, Roots } from "./ports.ts";
import { refuseStranger } from "./refuse-stranger.ts";
import { reviving } from "./reviving.ts";

export interface DestinationOptions {
  readonly stack: string;
  readonly place: { readonly target: TargetKind; readonly context: string | undefined };
  /** Which instance goes on as which one there. */
  readonly twins: ReadonlyMap<string, string>;
}

/** As many as a driver keeps connections to a server elsewhere. */
const copiesAtOnce = 4;
/** A server in a container or a pod has a moment to begin. */
const beginsMs = 60_000;
/** For those who waited in front of the gate to be let in, and to read what they know. */
const registersMs = 120_000;

/** A stack of ours that a cluster goes to. */
export function stackDestination(run: Run, { stack, place, twins }: DestinationOptions): DestinationPort {
  const { id } = run.operation;
  const control = () => reachedOn(run, stack);
  const onPage = (tasks: number) => run.progress("tasks", "carrying", tasks, tasks);
  const bringUp = () => run.update({ phase: "arriving" }, { stack, place });

  return {
    async prepare(counts) {
      await run.update({ arrives: { cluster: run.cluster.name }, phase: "arriving", counts }, { stack, place });
      await waitUntilItWaits();
    },
    async preload(from) {
      const { now } = await readMovable(from, run.signal);
      await carryTasks(from, await control(), { signal: run.signal, onPage });
      await copyStates(from);
      return now;
    },
    async import({ carried, control: from, changedSince }) {
      const to = await control();
      await writeLedger(to, { ...carried, lives: translated(carried.lives, twins) }, run.signal);
      await carryTasks(from, to, { changedSince, signal: run.signal, onPage });
      return copyStates(from);
    },
    verify: async (roots) => verifyStates(await control(), roots, run.signal),
    activate: (quietSince) =>
      reviving(run, stack, bringUp, async (driver) => {
        await turnGate(driver, "open", id, run.signal);
        return waitUntilAllWork(quietSince);
      }),
    settle: async () => void (await run.update({ ends: true }, { stack, place })),
    discard: async () => void (await run.destroy(stack)),
  };

  /** @throws SwarmError SW625 when the server there is of another version, or does not wait for this operation */
  async function waitUntilItWaits(): Promise<void> {
    const found = await poll(async () => readMovable(await control(), run.signal).catch(notYet), {
      ...{ deadlineMs: beginsMs, intervalMs: 250, signal: run.signal },
    });
    if (found === undefined) throw new SwarmError("SW704", `the agent server of ${stack} does not answer`);
    refuseStranger(stack, found, id);
  }

  async function copyStates(from: Control): Promise<Roots> {
    const to = await control();
    const { states } = await readMovable(from, run.signal);
    const { states: there } = await readMovable(to, run.signal);
    const roots: Record<string, string> = {};
    const pairs = Object.entries(states).flatMap(([instance, { root }]) => {
      const twin = twins.get(instance);
      return twin === undefined ? [] : [{ instance, twin, root }];
    });
    let done = 0;
    await pLimit(copiesAtOnce).map(pairs, async ({ instance, twin, root }) => {
      const isThere = there[twin]?.root === root;
      const [here, copy] = [
        { control: from, instance },
        { control: to, instance: twin },
      ] as const;
      roots[twin] = isThere ? root : (await copyCheckpoint(here, copy, run.signal)).root;
      run.progress("states", "carrying", ++done, pairs.length);
    });
    return Object.fromEntries(Object.entries(roots).sort());
  }

  /** Until every instance that was quiet there has registered here, or one of its agent where they have no names of their own. */
  async function waitUntilAllWork(quietSince: Moments): Promise<Pauses> {
    const driver = await control();
    const named = Object.entries(quietSince).flatMap(([instance, at]) => {
      const twin = twins.get(instance);
      return twin === undefined ? [] : [[twin, { instance, at }] as const];
    });
    const expected = new Map(named);
    const nameless = Object.entries(quietSince).filter(([instance]) => !twins.has(instance));
    const pauses: Record<string, number> = {};
    const all = await poll(
      async () => {
        const registered = (await instancesOf(driver, run.signal)).filter(({ epoch }) => epoch !== undefined);
        const now = Date.now();
        for (const { id: there } of registered) {
          const twin = expected.get(there);
          if (twin !== undefined) pauses[twin.instance] ??= now - twin.at;
        }
        const others = registered.filter(({ id: there }) => !expected.has(there)).length;
        for (const [instance, at] of nameless.slice(0, others)) pauses[instance] ??= now - at;
        run.progress("instances", "starting to work", Object.keys(pauses).length, Object.keys(quietSince).length);
        return Object.keys(pauses).length === Object.keys(quietSince).length || undefined;
      },
      { deadlineMs: registersMs, intervalMs: 100, signal: run.signal },
    );
    if (all) return pauses;
    const lacks = Object.keys(quietSince).filter((instance) => pauses[instance] === undefined);
    throw new SwarmError("SW604", `${lacks.length} instances have not come back: ${lacks.join(", ")}`, {
      values: { lacks },
    });
  }
}

function notYet(error: unknown): undefined {
  if (!(error instanceof SwarmError) || error.code !== "SW704") throw error;
}
