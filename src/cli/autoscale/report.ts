import type { ScaledCluster } from "../../scaling/autoscaler/scaled-cluster.ts";
import type { TurnReport } from "../../scaling/autoscaler/scaler.ts";
import type { Output } from "../output.ts";

/** Prints the changes of one look, and with `--json` each decision. */
export function reportTurn(output: Output, { name }: Pick<ScaledCluster, "name">, report: TurnReport): void {
  const at = new Date(report.at).toISOString();
  for (const { decision, written } of report.changes) {
    const { agent, from, to, code, reason } = decision;
    if (output.json) {
      const outcome = written ?? { ok: false, code: "advised" };
      output.event({
        type: "scaling",
        at,
        cluster: name,
        agent,
        from,
        to,
        code,
        reason,
        trigger: report.trigger,
        outcome,
      });
      continue;
    }
    const did = written === undefined ? "would be written" : written.ok ? undefined : `not written: ${written.reason}`;
    output.note(`${name}: ${agent} ${from ?? "?"} -> ${to}: ${reason}${did === undefined ? "" : ` (${did})`}`);
  }
}
