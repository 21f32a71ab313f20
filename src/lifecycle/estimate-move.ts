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
import { withRecords } from "./records/with-records.ts";
import { sourceOf, withFile } from "./source.ts";

/** What a migration would do. */
export interface MoveEstimate {
  readonly cluster: string;
  readonly from: string;
  readonly to: string;
  /** That pause on the way. */
  readonly instances: number;
  readonly states: number;
  /** To be carried over; chunks that are there already are not. */
  readonly stateBytes: number;
  readonly tasks: number;
  /** Keys of the shared memory. */
  readonly memory: number;
  /** Steps of the engine at the destination. */
  readonly creates: EngineRunResult["changes"];
  /** What the last ones took, of this cluster or else of any; undefined where none has been moved yet. */
  readonly durationMs: number | undefined;
}

/** How a migration would go; it changes nothing. @throws SwarmError as `judgeMove`, SW605 when there is no such cluster */
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
      throw new SwarmError("SW605", `there is no cluster ${name} here`);
    try {
      await judgeMove(options, store, cluster, request);
      const { states, tasks, memory } = await readMovable(driver, signal);
      const status = await driver.status(signal);
      const stack = `${name}-g${(await otherStacks(store, cluster.id)).length + 2}`;
      const { target, context } = request.to;
      const preview = await withFile(sourceOf(cluster), (file) =>
        startEngineRun(
          { kind: "preview", cluster: stack, target, context, ...file },
          { settings, engine, signal, onEvent: () => {} },
        ),
      );
      const past = { status: "succeeded", kinds: ["migrate"], limit: 3 } as const;
      const own = (await store.operations.list({ ...past, clusterId: cluster.id })).items;
      const earlier = own.length > 0 ? own : (await store.operations.list(past)).items;
      const took = earlier.map(({ createdAt, endedAt }) => (endedAt ?? createdAt) - createdAt).sort((a, b) => a - b);
      return {
        ...{ cluster: name, from: cluster.target, to: describeTarget(request.to), tasks, memory },
        instances: (status?.agents ?? []).reduce((sum, { instances }) => sum + instances.length, 0),
        states: Object.keys(states).length,
        stateBytes: Object.values(states).reduce((sum, { bytes }) => sum + bytes, 0),
        creates: preview.changes,
        durationMs: took[Math.floor(took.length / 2)],
      };
    } finally {
      driver.close();
    }
  });
}
