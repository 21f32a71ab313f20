import { didYouMean } from "../../platform/did-you-mean.ts";
import { isTargetKind, type TargetKind, targetKinds } from "../../targets/kinds.ts";
import { targets } from "../../targets/targets.ts";
import { either } from "../diagnostics/entry.ts";
import { parseRedis } from "../notation/redis.ts";
import { isRedisReached } from "../redis-route.ts";
import { invalid, known } from "../shape/shape.ts";
import { nodeAt, type Path } from "../source/tree.ts";
import type { RuleContext } from "./context.ts";

/** Checks that the target supports all settings. */
export function checkTarget(context: RuleContext): void {
  checkAvailable(context);
  checkSettings(context);
  checkQueues(context);
  checkNetwork(context);
  checkRedisRoute(context);
  checkLaunched(context);
  checkVolume(context);
  checkImages(context);
}

function checkAvailable({ root, cluster, report, value }: RuleContext): void {
  const target = known(cluster?.target) ? cluster.target.kind : undefined;
  if (!known(target) || isTargetKind(target)) return;
  const at: Path =
    nodeAt(root, ["cluster", "target", "kind"]) === undefined ? ["cluster", "target"] : ["cluster", "target", "kind"];
  report("SW435", value(at), { target }, { fix: `use ${either(targetKinds)}` });
}

function checkSettings({ root, target, targetOverridden, report, key, value }: RuleContext): void {
  const node = nodeAt(root, ["cluster", "target"]);
  if (target === undefined || targetOverridden || node?.kind !== "map") return;
  const { settings, regions } = targets[target];
  const known = new Set<string>(Object.values(targets).flatMap((one) => one.settings));
  for (const name of node.entries.keys()) {
    if (!known.has(name) || settings.some((one) => one === name)) continue;
    report(
      "SW432",
      key(["cluster", "target", name]),
      { key: name, target, allowed: settings },
      { fix: `remove ${name}` },
    );
  }
  const region = node.entries.get("region")?.value;
  if (regions === undefined || region?.kind !== "scalar" || typeof region.value !== "string" || region.value === "")
    return;
  if (regions.includes(region.value)) return;
  const suggestion = didYouMean(region.value, regions);
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
  if (network.provider === "cilium" && !targets[target].kubernetes)
    report("SW412", value([...path, "provider"]), { target });
  if (network.egress === undefined || targets[target].egress !== undefined) return;
  if (network.enforce !== undefined && !known(network.enforce)) return;
  const severity = network.enforce === false ? "warning" : "error";
  const fix = severity === "error" ? "choose another target, or set enforce: false" : undefined;
  report("SW411", key([...path, "egress"]), { target }, { severity, fix });
}

/** Checks that agents with a queue reach their Redis through the egress rules. */
function checkRedisRoute({ agents, cluster, target, report, key }: RuleContext): void {
  const network = cluster?.network;
  if (!known(network) || target === undefined || !agents.some(({ draft }) => draft.queue !== undefined)) return;
  const { provider, egress } = network;
  if (!known(egress) || provider === invalid || !egress.every(known)) return;
  const written = cluster?.target;
  if (written !== undefined && !known(written)) return;
  const address = written?.redis;
  if (address !== undefined && !known(address)) return;
  const parsed = address === undefined ? undefined : parseRedis(address);
  const redis = parsed?.ok === true ? parsed.value : undefined;
  if (isRedisReached({ provider: provider ?? "standard", egress: egress.filter(known) }, target, redis)) return;
  const byProxy = targets[target].egress?.by === "proxy";
  const fix = byProxy ? "leave egress out, or use another target" : "add the CIDR of Redis with its port to egress";
  const shown = redis === undefined ? "Redis" : `Redis at ${redis.host}:${redis.port}`;
  report("SW413", key(["cluster", "network", "egress"]), { target, redis: shown }, { fix });
}

/** Checks that the command is known where a launcher starts it. */
function checkLaunched({ draft, agents, target, report, key }: RuleContext): void {
  if (target === undefined || targets[target].images?.launches !== true) return;
  const common = known(draft.defaults) ? draft.defaults.image : undefined;
  for (const { draft: agent, path } of agents) {
    if (agent.command !== undefined || (agent.image ?? common) === undefined) continue;
    const withSecrets = known(agent.secrets) && agent.secrets.length > 0;
    if (!withSecrets && agent.queue === undefined) continue;
    const name = withSecrets ? "secrets" : "queue";
    const what = withSecrets ? "secrets" : "a queue";
    report("SW436", key([...path, name]), { target, what }, { fix: "add its command: [...]" });
  }
}

function checkVolume({ cluster, target, report, value }: RuleContext): void {
  const shared = cluster?.shared;
  if (!known(shared) || shared.volume === undefined || target === undefined || targets[target].sharedVolume) return;
  report("SW420", value(["cluster", "shared", "volume"]), { target }, { fix: "use shared.memory" });
}

function checkImages(context: RuleContext): void {
  const { draft, agents, target, report, value } = context;
  if (target === undefined) return;
  const { images } = targets[target];
  if (images !== undefined) {
    if (!images.builds) refuseBuilds(context, target);
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
