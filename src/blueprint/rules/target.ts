import { awsRegions } from "../../catalog/aws-regions.ts";
import { didYouMean } from "../diagnostics/did-you-mean.ts";
import type { TargetKind } from "../model.ts";
import { known } from "../shape/shape.ts";
import { nodeAt, type Path } from "../source/tree.ts";
import { hasKubernetes, targets } from "./capabilities.ts";
import type { RuleContext } from "./context.ts";

/** Checks that the target supports all settings. */
export function checkTarget(context: RuleContext): void {
  checkSettings(context);
  checkQueues(context);
  checkNetwork(context);
  checkVolume(context);
  checkImages(context);
}

function checkSettings({ root, target, targetOverridden, report, key, value }: RuleContext): void {
  const node = nodeAt(root, ["cluster", "target"]);
  if (target === undefined || targetOverridden || node?.kind !== "map") return;
  const { settings } = targets[target];
  const known = new Set(Object.values(targets).flatMap((one) => one.settings));
  for (const name of node.entries.keys()) {
    if (!known.has(name) || settings.includes(name)) continue;
    report(
      "SW432",
      key(["cluster", "target", name]),
      { key: name, target, allowed: settings },
      { fix: `remove ${name}` },
    );
  }
  const region = node.entries.get("region")?.value;
  if (target !== "aws" || region?.kind !== "scalar" || typeof region.value !== "string" || region.value === "") return;
  if (awsRegions.includes(region.value)) return;
  const suggestion = didYouMean(region.value, awsRegions);
  report(
    "SW433",
    value(["cluster", "target", "region"]),
    { region: region.value },
    { severity: "warning", suggestion },
  );
}

function checkQueues({ agents, cluster, target, hasRedis, report, key }: RuleContext): void {
  if (hasRedis || target === undefined || cluster === undefined) return;
  const settings = cluster.target;
  if (settings !== undefined && (!known(settings) || settings.redis !== undefined)) return;
  for (const { draft, path } of agents) {
    if (draft.queue === undefined) continue;
    report(
      "SW410",
      key([...path, "queue"]),
      { target },
      { fix: `write target: { kind: ${target}, redis: redis://host:6379 }, or set REDIS_URL` },
    );
  }
}

function checkNetwork({ cluster, target, report, key, value }: RuleContext): void {
  const network = cluster?.network;
  if (!known(network) || target === undefined) return;
  const path: Path = ["cluster", "network"];
  if (network.provider === "cilium" && !hasKubernetes(target))
    report("SW412", value([...path, "provider"]), { target });
  if (network.egress === undefined || targets[target].confines) return;
  if (network.enforce !== undefined && !known(network.enforce)) return;
  const severity = network.enforce === false ? "warning" : "error";
  const fix = severity === "error" ? "choose another target, or set enforce: false" : undefined;
  report("SW411", key([...path, "egress"]), { target }, { severity, fix });
}

function checkVolume({ cluster, target, report, value }: RuleContext): void {
  const shared = cluster?.shared;
  if (!known(shared) || shared.volume === undefined || target === undefined || targets[target].sharedVolume) return;
  report("SW420", value(["cluster", "shared", "volume"]), { target }, { fix: "use shared.memory" });
}

function checkImages(context: RuleContext): void {
  const { draft, agents, target, report, value } = context;
  if (target === undefined) return;
  if (targets[target].images) {
    if (!targets[target].builds) refuseBuilds(context, target);
    return;
  }
  const common = known(draft.defaults) ? draft.defaults.image : undefined;
  for (const { draft: agent, path } of agents) {
    if (agent.command !== undefined || (agent.image === undefined && common === undefined)) continue;
    const at: Path = agent.image === undefined ? ["defaults", "image"] : [...path, "image"];
    if (known(agent.image) || (agent.image === undefined && known(common))) {
      report("SW430", value(at), { target }, { fix: "add a command, or leave image out" });
    }
  }
}

function refuseBuilds({ draft, agents, report, key }: RuleContext, target: TargetKind): void {
  const common = known(draft.defaults) ? draft.defaults.image : undefined;
  const used = [
    { image: common, path: ["defaults", "image"] },
    ...agents.map(({ draft: agent, path }) => ({ image: agent.image, path: [...path, "image"] })),
  ];
  for (const { image, path } of used) {
    if (!known(image) || typeof image === "string") continue;
    const fix = "docker build it, push it to a registry that the nodes can pull from, and write its name";
    report("SW434", key([...path, "build"]), { target }, { fix });
  }
}
