import { readMovable } from "../drivers/control/move-calls.ts";
import { openDriver } from "../drivers/open-driver.ts";
import { SwarmError } from "../errors.ts";
import type { EngineRunResult } from "../stacks/engine-run.ts";
import { startEngineRun } from "../stacks/start-engine-run.ts";
import { readCluster } from "../stacks/state.ts";
import { describeTarget, judgeMove, type MoveRequest } from "./migration/preconditions.ts";
import type { LifecycleOptions } from "./options.ts";
import { findCluster } from "./records/cluster-repository.ts";
import { otherStacks } from "./records/cluster-stacks.ts";
import { median, pastOperations } from "./records/past-operations.ts";
import { withRecords } from "./records/with-records.ts";
import { sourceOf } from "./source.ts";

/** The size and expected duration of a migration. */
export interface MoveEstimate {
  readonly cluster: string;
  readonly from: string;
  readonly to: string;
  /** Instances that pause during the migration. */
  readonly instances: number;
  readonly states: number;
  /** Size of the states; chunks that the destination already has are not copied. */
  readonly stateBytes: number;
  readonly tasks: number;
  /** Keys of the shared memory. */
  readonly memory: number;
  /** Planned changes of the engine at the destination. */
  readonly creates: EngineRunResult["changes"];
  /** Median duration of recent migrations of this cluster, or of any; undefined when there was none. */
  readonly durationMs: number | undefined;
}

/** Estimates a migration without changing anything. @throws SwarmError as `judgeMove`, SW605 when there is no such cluster */
export async function estimateMove(
  options: Pick<LifecycleOptions, "settings" | "engine" | "signal">,
  name: string,
  request: MoveRequest,
): Promise<MoveEstimate> {
  const { settings, engine, signal } = options;
  return withRecords(settings, async (store) => {
    const cluster = await findCluster(store, name);
    const record = cluster && (await readCluster(settings, engine, cluster.activeStack));
    const driver = record && (await openDriver(record));
    if (driver === undefined || cluster === undefined)
      throw new SwarmError("SW605", `no cluster ${name} can be reached from here`);
    try {
      await judgeMove(options, store, cluster, request);
      const { states, tasks, memory } = await readMovable(driver, signal);
      const status = await driver.status(signal);
      const stack = `${name}-g${(await otherStacks(store, cluster.id)).length + 2}`;
      const { target, context } = request.to;
      const preview = await startEngineRun(
        { kind: "preview", cluster: stack, target, context, source: sourceOf(cluster) },
        { settings, engine, signal, onEvent: () => {} },
      );
      const past = await pastOperations(store, { kind: "migrate", clusterId: cluster.id });
      return {
        ...{ cluster: name, from: cluster.target, to: describeTarget(request.to), tasks, memory },
        instances: (status?.agents ?? []).reduce((sum, { instances }) => sum + instances.length, 0),
        states: Object.keys(states).length,
        stateBytes: Object.values(states).reduce((sum, { bytes }) => sum + bytes, 0),
        creates: preview.changes,
        durationMs: median(past.items.map(({ createdAt, endedAt }) => (endedAt ?? createdAt) - createdAt)),
      };
    } finally {
      driver.close();
    }
  });
}
