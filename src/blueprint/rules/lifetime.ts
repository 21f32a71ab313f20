import { known } from "../shape/shape.ts";
import type { RuleContext } from "./context.ts";

/** Checks lifetime and hibernation against the type of the cluster. */
export function checkLifetime({ cluster, report, value }: RuleContext): void {
  if (cluster === undefined) return;
  const { type, ttl } = cluster;
  const hibernation = known(cluster.hibernation) ? cluster.hibernation : undefined;
  const on = hibernation !== undefined && (hibernation.enabled === undefined || hibernation.enabled === true);
  if (type === "temporary" && ttl === undefined) {
    report("SW320", value(["cluster", "type"]), {}, { fix: "add ttl: 4 hours" });
  }
  if (type === "persistent" && ttl !== undefined) {
    report("SW322", value(["cluster", "ttl"]), {}, { fix: "remove ttl, or make it a temporary cluster" });
  }
  if (!on) return;
  const { idle_timeout: idle, sleep, wake } = hibernation;
  if (type === "persistent" && idle !== undefined) {
    report("SW321", value(["cluster", "hibernation", "idle_timeout"]), {}, { fix: "remove idle_timeout" });
  }
  if (idle !== undefined || sleep !== undefined) return;
  if (wake !== undefined)
    report("SW323", value(["cluster", "hibernation", "wake"]), {}, { fix: "add sleep, or remove wake" });
  else
    report("SW324", value(["cluster", "hibernation"]), {}, { severity: "warning", fix: "add idle_timeout or sleep" });
}
