import { SwarmError } from "../../errors.ts";
import { findCluster } from "../../lifecycle/records/cluster-repository.ts";
import { withRecords } from "../../lifecycle/records/with-records.ts";
import { type AutoscalerOptions, lookOnce, runAutoscaler } from "../../scaling/autoscaler/autoscaler.ts";
import { openCluster } from "../../scaling/autoscaler/open-cluster.ts";
import { ScalingEvents } from "../../scaling/autoscaler/scaling-events.ts";
import { RedisConnections } from "../../scaling/sources/redis/connections.ts";
import type { Engine } from "../../stacks/engine/index.ts";
import type { Settings } from "../../stacks/settings.ts";
import { defaultTarget, type TargetKind } from "../../targets/kinds.ts";
import type { Output } from "../output.ts";
import { reportTurn } from "./report.ts";
import { untilDestroyed } from "./until-destroyed.ts";

export interface AutoscaleOptions {
  readonly output: Output;
  readonly settings: Settings;
  readonly engine: () => Promise<Engine>;
  /** Undefined: clusters of every target. */
  readonly target: TargetKind | undefined;
  /** Undefined: all. */
  readonly cluster: string | undefined;
  readonly mode: AutoscalerOptions["mode"];
  readonly intervalMs: number;
  readonly once?: boolean;
  /** Ends when the cluster is destroyed. */
  readonly untilDestroyed?: boolean;
}

/** Scales clusters until the signal is aborted; the end of running turns is awaited. */
export async function autoscale(options: AutoscaleOptions, signal: AbortSignal): Promise<void> {
  const { output, settings, engine, target, cluster, mode, intervalMs } = options;
  await withRecords(settings, async (store) => {
    const named = cluster === undefined ? undefined : await findCluster(store, cluster);
    if (cluster !== undefined && named === undefined)
      throw new SwarmError("SW605", `no cluster ${cluster} is recorded`);
    const redis = settings.env.REDIS_URL;
    const events = redis === undefined || redis === "" ? undefined : new ScalingEvents(redis);
    const connections = new RedisConnections();
    const told = new Map<string, string>();
    /** Says the same of a cluster once. */
    const tell = (name: string, text: string, event: object) => {
      if (told.get(name) === text) return;
      told.set(name, text);
      if (output.json) output.event({ at: new Date().toISOString(), cluster: name, ...event });
      else output.note(`${name}: ${text}`);
    };
    const scaling: AutoscalerOptions = {
      ...{ store, mode, intervalMs, now: Date.now },
      open: (row) => openCluster(row, { store, settings, engine, connections }),
      selects: (row) =>
        (named === undefined || row.id === named.id) &&
        (target === undefined || (row.target || defaultTarget) === target),
      async onTurn(scaled, report) {
        told.delete(scaled.name);
        reportTurn(output, scaled, report);
        const failed = mode === "scale" ? await events?.append(scaled.name, report) : undefined;
        if (failed !== undefined) output.note(failed);
      },
      onStandBy: (name, holder) => tell(name, `${holder} scales it; standing by`, { type: "standing-by", holder }),
      onFailure: (name, error) =>
        tell(name, `${error.code} ${error.message}`, { type: "failed", error: error.toJSON() }),
      onNote: (text) => output.note(text),
    };
    try {
      if (options.once === true) return await lookOnce(scaling, signal);
      const ends = new AbortController();
      const until = AbortSignal.any([signal, ends.signal]);
      if (named !== undefined && options.untilDestroyed === true) {
        void untilDestroyed(store, settings, named.id, until).then(() => ends.abort());
      }
      await runAutoscaler(scaling, until);
    } finally {
      connections.close();
      await events?.close();
    }
  });
}
