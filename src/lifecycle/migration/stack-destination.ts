import pLimit from "p-limit";
import type { TargetKind } from "../../blueprint/model.ts";
import { copyCheckpoint } from "../../drivers/control/checkpoint-calls.ts";
import type { Control } from "../../drivers/control/control.ts";
import {
  copyTasks,
  importDatabase,
  readMovable,
  setWriteFence,
  verifyStates,
} from "../../drivers/control/move-calls.ts";
import { SwarmError } from "../../errors.ts";
import { poll } from "../../platform/wait.ts";
import { instancesOf, reachedOn, type StateRoots } from "../instances.ts";
import type { Run } from "../run.ts";
import { translated } from "./instance-mapping.ts";
import type { DestinationPort, Moments, Pauses } from "./ports.ts";
import { refuseFormatMismatch } from "./preconditions.ts";
import { retryWithRestart } from "./retry-with-restart.ts";

export interface DestinationOptions {
  readonly stack: string;
  readonly location: { readonly target: TargetKind; readonly context: string | undefined };
  /** Destination instance by source instance. */
  readonly mapping: ReadonlyMap<string, string>;
}

/** Equals the number of connections that a driver keeps to a remote server. */
const copiesAtOnce = 4;
/** Time for the start of a server in a container or pod. */
const beginsMs = 60_000;
/** Time for the instances behind the write fence to register and restore their state. */
const registersMs = 120_000;

/** Creates the destination port of a stack. */
export function stackDestination(run: Run, { stack, location, mapping }: DestinationOptions): DestinationPort {
  const { id } = run.operation;
  const control = () => reachedOn(run, stack);
  const onPage = (tasks: number) => run.progress("tasks", "copying", tasks, tasks);
  const bringUp = () => run.update({ phase: "arriving" }, { stack, location });

  return {
    async prepare(counts) {
      const { autostop, pins } = (await run.record()) ?? {};
      const arrives = { cluster: run.cluster.name };
      await run.update({ arrives, phase: "arriving", counts, autostop, pins }, { stack, location });
      await waitUntilItWaits();
    },
    async preload(from) {
      const { now } = await readMovable(from, run.signal);
      await copyTasks(from, await control(), { signal: run.signal, onPage });
      await copyStates(from);
      return now;
    },
    async import({ exported, control: from, changedSince }) {
      const to = await control();
      await importDatabase(to, { ...exported, lives: translated(exported.lives, mapping) }, run.signal);
      await copyTasks(from, to, { changedSince, signal: run.signal, onPage });
      return copyStates(from);
    },
    verify: async (roots) => verifyStates(await control(), roots, run.signal),
    activate: (quietSince) =>
      retryWithRestart(run, stack, bringUp, async (driver) => {
        await setWriteFence(driver, "open", id, run.signal);
        return waitUntilAllWork(quietSince);
      }),
    settle: async () => void (await run.update({ ends: true }, { stack, location })),
    discard: async () => void (await run.destroy(stack)),
  };

  /** Waits for the fenced agent server. @throws SwarmError SW625 when it has another checkpoint format or is not fenced for this operation */
  async function waitUntilItWaits(): Promise<void> {
    const found = await poll(async () => readMovable(await control(), run.signal).catch(notYet), {
      ...{ deadlineMs: beginsMs, intervalMs: 250, signal: run.signal },
    });
    if (found === undefined) throw new SwarmError("SW704", `the agent server of ${stack} does not respond`);
    refuseFormatMismatch(stack, found, id);
  }

  async function copyStates(from: Control): Promise<StateRoots> {
    const to = await control();
    const { states } = await readMovable(from, run.signal);
    const { states: there } = await readMovable(to, run.signal);
    const roots: Record<string, string> = {};
    const pairs = Object.entries(states).flatMap(([instance, { root }]) => {
      const mapped = mapping.get(instance);
      return mapped === undefined ? [] : [{ instance, mapped, root }];
    });
    let done = 0;
    await pLimit(copiesAtOnce).map(pairs, async ({ instance, mapped, root }) => {
      const isThere = there[mapped]?.root === root;
      const [here, copy] = [
        { control: from, instance },
        { control: to, instance: mapped },
      ] as const;
      roots[mapped] = isThere ? root : (await copyCheckpoint(here, copy, run.signal)).root;
      run.progress("states", "copying", ++done, pairs.length);
    });
    return Object.fromEntries(Object.entries(roots).sort());
  }

  /** Waits until every drained source instance, or a replica of its agent without a fixed name, has registered here. */
  async function waitUntilAllWork(quietSince: Moments): Promise<Pauses> {
    const driver = await control();
    const named = Object.entries(quietSince).flatMap(([instance, at]) => {
      const mapped = mapping.get(instance);
      return mapped === undefined ? [] : [[mapped, { instance, at }] as const];
    });
    const expected = new Map(named);
    const nameless = Object.entries(quietSince).filter(([instance]) => !mapping.has(instance));
    const pauses: Record<string, number> = {};
    const all = await poll(
      async () => {
        const registered = (await instancesOf(driver, run.signal)).filter(({ epoch }) => epoch !== undefined);
        const now = Date.now();
        for (const { id: there } of registered) {
          const mapped = expected.get(there);
          if (mapped !== undefined) pauses[mapped.instance] ??= now - mapped.at;
        }
        const others = registered.filter(({ id: there }) => !expected.has(there)).length;
        for (const [instance, at] of nameless.slice(0, others)) pauses[instance] ??= now - at;
        run.progress("instances", "starting", Object.keys(pauses).length, Object.keys(quietSince).length);
        return Object.keys(pauses).length === Object.keys(quietSince).length || undefined;
      },
      { deadlineMs: registersMs, intervalMs: 100, signal: run.signal },
    );
    if (all) return pauses;
    const lacks = Object.keys(quietSince).filter((instance) => pauses[instance] === undefined);
    throw new SwarmError("SW604", `${lacks.length} instances have not registered: ${lacks.join(", ")}`, {
      values: { lacks },
    });
  }
}

function notYet(error: unknown): undefined {
  if (!(error instanceof SwarmError) || error.code !== "SW704") throw error;
}
