import type { Condition } from "../../scaling/autoscaler/conditions.ts";
import type { Inspection } from "../../scaling/autoscaler/inspect.ts";
import type { Signal } from "../../scaling/signal.ts";
import { duration } from "../output.ts";
import { table } from "../table.ts";

/** Renders what `autoscale status` shows. */
export function statusTable(found: readonly Inspection[]): string {
  if (found.length === 0) return "swarmstack scales no agent of these clusters";
  const rows = found.flatMap(({ cluster, scaler, agents }) =>
    agents.map(({ agent, min, max, observed, decision, startMs }) => [
      ...[cluster, agent, observed?.live?.desired ?? "?", `${min}-${max}`],
      ...[shown(observed?.waiting), shown(observed?.leased), decision?.wanted ?? "?"],
      ...[
        decision?.code ?? "-",
        startMs === undefined ? "-" : duration(startMs),
        scaler === undefined ? "-" : processOf(scaler),
      ],
    ]),
  );
  return table(
    ["CLUSTER", "AGENT", "COUNT", "RANGE", "WAITING", "LEASED", "WANTED", "REASON", "STARTS IN", "AUTOSCALER"],
    rows,
    {
      drops: ["STARTS IN", "AUTOSCALER", "LEASED", "RANGE"],
    },
  );
}

export function conditionLine({ code, message, hint }: Condition): string {
  return `${code}: ${message}${hint === undefined ? "" : `: ${hint}`}`;
}

function shown(signal: Signal | undefined): string | number {
  if (signal === undefined || signal.kind === "unknown") return "?";
  return signal.value;
}

/** `host/4711.88` as "process 4711 on host". */
export function processOf(session: string): string {
  const slash = session.lastIndexOf("/");
  return `process ${session.slice(slash + 1).split(".")[0]} on ${session.slice(0, slash)}`;
}
