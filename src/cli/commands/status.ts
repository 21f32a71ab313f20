import { Command } from "commander";
import { parseBlueprint } from "../../blueprint/parse.ts";
import { type Lifetime, readLifetime } from "../../lifecycle/reconcile/lifetime.ts";
import { listWatcherLeases } from "../../lifecycle/reconcile/watcher-lease.ts";
import { listNamed } from "../../lifecycle/records/cluster-names.ts";
import { listRows } from "../../lifecycle/records/journal.ts";
import { effectiveReplicas } from "../../plan/desired-state.ts";
import type { Cluster } from "../../store/clusters.ts";
import { isTargetKind } from "../../targets/kinds.ts";
import { type ClusterView, viewCluster, viewStack } from "../clusters.ts";
import { createContext, type GlobalOptions, requireEngine } from "../context.ts";
import { type StackOption, withStack } from "../embedded.ts";
import { examples } from "../examples.ts";
import { duration } from "../output.ts";
import { table } from "../table.ts";

export function statusCommand(): Command {
  return withStack(new Command("status"))
    .argument("[cluster]", "name of a cluster")
    .addHelpText(
      "after",
      examples(["swarmctl status", "swarmctl status marketing-v1 --json", "swarmctl status --stack shop/dev/team"]),
    )
    .action(async (named: string | undefined, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & StackOption>();
      const cluster = options.stack ?? named;
      const context = createContext(options);
      const engine = await requireEngine(context);
      const views =
        cluster === undefined
          ? await Promise.all(
              (await listNamed(context.settings, engine)).map(async ({ cluster: name, stack }) => ({
                name,
                view: await viewStack(context, engine, stack),
              })),
            )
          : [{ name: cluster, view: await viewCluster(context, engine, cluster) }];
      const recorded = await listRows(context.settings);
      const rows = await Promise.all(
        views.map(async ({ name, view }) => {
          const row = recorded.get(name);
          return describe(name, view, row, row && (await readLifetime(row, Date.now()).catch(() => undefined)));
        }),
      );
      const reconcilers = (await listWatcherLeases(context.settings)).map(({ name }) => name);
      const unkept = reconcilers.length > 0 ? [] : rows.filter(({ lifetime }) => lifetime !== undefined);
      context.output.result(
        cluster === undefined
          ? { clusters: rows, total: rows.length, keepers: reconcilers }
          : rows[0] && { ...rows[0], keepers: reconcilers },
        () =>
          rows.length === 0
            ? "no clusters; start one: swarmctl quickstart"
            : table(
                ["CLUSTER", "BLUEPRINT", "GENERATION", "STATUS", "AGENTS", "SUPERVISOR", "STATE"],
                rows.map((row) => [
                  row.cluster,
                  row.blueprint === undefined ? "-" : `${row.blueprint.id} ${row.blueprint.version}`,
                  row.generation ?? "-",
                  row.status ?? "-",
                  `${row.running}/${row.wanted}`,
                  row.supervisor,
                  row.state,
                ]),
              ),
      );
      for (const { cluster, warnings = [] } of rows) {
        for (const { code, message } of warnings) context.output.note(`warning[${code}] ${cluster}: ${message}`);
      }
      for (const { cluster, lifetime } of unkept) {
        context.output.note(
          `no reconciler runs for ${cluster}, which ${wordsOf(lifetime)}: run swarmctl watch, or swarmctl gc from cron`,
        );
      }
    });
}

function wordsOf(lifetime: Lifetime | undefined): string {
  const { ttlMs, until, idleTimeoutMs, sleep, wake } = lifetime ?? {};
  return [
    ...(sleep === undefined ? [] : [`hibernates at "${sleep}"`]),
    ...(wake === undefined ? [] : [`wakes at "${wake}"`]),
    ...(idleTimeoutMs === undefined ? [] : [`hibernates when idle for ${duration(idleTimeoutMs)}`]),
    ...(ttlMs === undefined ? [] : [`expires after ${duration(ttlMs)}`]),
    ...(until === undefined ? [] : [`expires at ${new Date(until).toISOString()}`]),
  ].join(", ");
}

/** What the blueprint asks for and nothing executes yet, once for each code. */
function warningsOf({ blueprintText, target }: Cluster): readonly Warning[] {
  if (blueprintText === null) return [];
  const kind = target !== null && isTargetKind(target) ? target : undefined;
  const { diagnostics } = parseBlueprint(blueprintText, { file: "", target: kind, hasRedis: true });
  const found = diagnostics.filter(({ code }) => code === "SW405").map(({ code, message }) => ({ code, message }));
  return found.slice(0, 1);
}

interface Warning {
  readonly code: string;
  readonly message: string;
}

type State = "running" | "degraded" | "down" | "hibernated" | "unfinished" | "empty";

interface StatusRow {
  readonly cluster: string;
  /** Observed state. */
  readonly state: State;
  /** State in the lifecycle. */
  readonly status?: Cluster["status"];
  /** Reason of a failure. */
  readonly reason?: string;
  /** An unfinished operation of several updates. */
  readonly operation?: { readonly id: string; readonly phase: string };
  readonly blueprint?: { readonly id: string; readonly version: string };
  readonly generation?: number;
  readonly running: number;
  readonly wanted: number;
  readonly supervisor: string;
  readonly counts?: Readonly<Record<string, number>>;
  /** Rules of the blueprint that nothing executes yet. */
  readonly warnings?: readonly Warning[];
  /** Rules of automatic hibernation, reactivation and expiry. */
  readonly lifetime?: Lifetime;
}

function describe(
  cluster: string,
  view: ClusterView | undefined,
  row: Cluster | undefined,
  lifetime: Lifetime | undefined,
): StatusRow {
  const warnings = row === undefined ? [] : warningsOf(row);
  const lifecycle = {
    ...(lifetime && { lifetime }),
    ...(warnings.length > 0 && { warnings }),
    ...(row && { status: row.status }),
    ...(row?.statusReason != null && { reason: row.statusReason }),
  };
  if (view === undefined) return { cluster, state: "empty", ...lifecycle, running: 0, wanted: 0, supervisor: "-" };
  const { record, status } = view;
  const wanted = Object.values(effectiveReplicas(record)).reduce((sum, count) => sum + count, 0);
  const running = (status?.agents ?? []).reduce((sum, agent) => sum + agent.running, 0);
  return {
    cluster,
    state: stateOf(view, running, wanted),
    ...lifecycle,
    ...(record.operation && { operation: record.operation }),
    blueprint: record.blueprint,
    generation: record.generation,
    running,
    wanted,
    supervisor: status?.api ?? "gone",
    counts: record.counts,
  };
}

function stateOf({ record, status }: ClusterView, running: number, wanted: number): State {
  if (record.pending > 0 || record.operation !== undefined) return "unfinished";
  if (record.power === "hibernated" && running === 0) return "hibernated";
  if (status === undefined) return "down";
  return running === wanted && status.api !== undefined ? "running" : "degraded";
}
