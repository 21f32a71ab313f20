import { z } from "zod";
import { type TargetKind, targetKinds } from "../../blueprint/model.ts";
import type { Driver } from "../../drivers/driver.ts";
import { openDriver } from "../../drivers/open-driver.ts";
import { SwarmError } from "../../errors.ts";
import type { EngineRunResult } from "../../stacks/engine-run.ts";
import { startEngineRun } from "../../stacks/start-engine-run.ts";
import { type ClusterRecord, readCluster } from "../../stacks/state.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { Json } from "../../store/json.ts";
import type { Operation } from "../../store/operations.ts";
import type { Store } from "../../store/store.ts";
import { note } from "../event.ts";
import type { LifecycleOptions } from "../options.ts";
import { writeCluster } from "../records/cluster-repository.ts";
import { activate, claimStack, otherStacks } from "../records/cluster-stacks.ts";
import type { Run } from "../run.ts";
import { sourceOf } from "../source.ts";
import { stateTable, transition } from "../states.ts";
import type { ActiveLease } from "./renew-lease.ts";

interface WorkParts {
  readonly options: LifecycleOptions;
  readonly store: Store;
  readonly activeLease: ActiveLease;
  readonly operation: Operation;
  readonly cluster: Cluster;
  /** How long to wait for the stack's lock, which a bare `pulumi` may hold. */
  readonly waitMs: number;
}

/** A running operation: the environment of its steps, and their results. */
export interface Work {
  readonly run: Run;
  /** Recorded details by step. */
  readonly details: Map<string, Json>;
  /** Coalesced operations, which end with the status of this one. */
  readonly claimed: readonly string[];
  /** Changes of all engine runs. */
  readonly changes: Readonly<Partial<Record<string, number>>>;
  close(): void;
}

const targetSchema = z.object({ target: z.enum(targetKinds).optional() }).catch({});
const historyLimit = 200;

/** Creates the environment of an operation's steps. */
export function startWork(
  { options, store, activeLease, operation, cluster, waitMs }: WorkParts,
  signal: AbortSignal,
): Work {
  const { settings, engine, onEvent } = options;
  const details = new Map<string, Json>();
  const claimed: string[] = [];
  const changes: Partial<Record<string, number>> = {};
  const told = new Map<string, string>();
  const drivers = new Map<string, Driver>();

  async function engineRun(request: Parameters<typeof startEngineRun>[0]): Promise<EngineRunResult> {
    const result = await startEngineRun(
      { ...request, operation: operation.id, waitMs },
      { settings, engine, signal, onEvent },
    );
    for (const [op, count = 0] of Object.entries(result.changes)) changes[op] = (changes[op] ?? 0) + count;
    return result;
  }

  const activeStack = async () => (await store.clusters.show(cluster.id))?.activeStack ?? cluster.activeStack;

  const record = async (stack?: string): Promise<ClusterRecord | undefined> =>
    readCluster(settings, engine, stack ?? (await activeStack())).catch((error: unknown) => {
      if (error instanceof SwarmError && error.code === "SW605") return undefined;
      throw error;
    });

  const run: Run = {
    ...{ operation, cluster, signal, record },
    async update(change, { source = sourceOf(cluster), stack, location } = {}) {
      const { target }: { target?: TargetKind | undefined } = location ?? targetSchema.parse(operation.wishAfter);
      const on = { cluster: stack ?? (await activeStack()), target, context: location?.context };
      return engineRun({ kind: "up", ...on, source, change });
    },
    async destroy(stack) {
      const gone = stack ?? (await activeStack());
      return engineRun({ kind: "destroy", cluster: gone }).catch((error: unknown) => {
        if (error instanceof SwarmError && error.code === "SW605") return undefined;
        throw error;
      });
    },
    async driver(stack) {
      const of = stack ?? (await activeStack());
      const known = drivers.get(of);
      if (known !== undefined) return known;
      const present = await record(of);
      const driver = present && (await openDriver(present));
      if (driver !== undefined) drivers.set(of, driver);
      return driver;
    },
    claimStack: () => claimStack(store, cluster),
    releaseStack: (stack) => store.stacks.release(stack),
    otherStacks: () => otherStacks(store, cluster.id),
    activate: (from, to) => activate(store, activeLease.lease, cluster.id, { from, to }),
    detail: (step) => details.get(step) ?? null,
    history: async (status) =>
      (await store.operations.list({ clusterId: cluster.id, status, limit: historyLimit })).items,
    async detailOf(id, step) {
      return (await store.operations.steps(id)).find(({ name }) => name === step)?.detail ?? null;
    },
    async claim(operations) {
      claimed.push(...operations);
      const { session } = operation;
      for (const id of operations) {
        await store.operations.write(id, activeLease.lease, {
          status: "running",
          ...(session !== null && { session }),
        });
      }
    },
    async enter(request) {
      const table = stateTable(options.operations);
      const status = transition(cluster.name, cluster.status, request, table);
      await writeCluster(store, activeLease.lease, cluster.id, { status });
    },
    note: (text) => onEvent(note(text)),
    progress(part, doing, done, of) {
      const now = `${doing} ${done}/${of}`;
      if (told.get(part) === now) return;
      told.set(part, now);
      onEvent({ type: "instances", operation: operation.id, part, doing, done, of });
    },
  };
  const close = () => {
    for (const driver of drivers.values()) driver.close();
  };
  return { run, details, claimed, changes, close };
}
