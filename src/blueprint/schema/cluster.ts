import {
  defaultTarget,
  type PlannedTargetKind,
  plannedTargetKinds,
  type TargetKind,
  targetKinds,
} from "../../targets/kinds.ts";
import { clusterTypes } from "../model.ts";
import { list } from "../shape/collections.ts";
import { object } from "../shape/object.ts";
import { choice, flag, text } from "../shape/scalars.ts";
import { type Draft, type invalid, optional, required, type Shape } from "../shape/shape.ts";
import { scaling } from "./scaling.ts";
import { amountUsd, bytes, count, cron, duration, egressRule, redisAddress, timeZone } from "./values.ts";

/** Those that are not available yet are read, so that a rule can say so. */
const targetWord = choice([...targetKinds, ...plannedTargetKinds]);

const targetFields = {
  kind: required(targetWord, "Where the cluster runs."),
  context: optional(text({ what: "a context" }), "Context of kubeconfig, or of docker.", "the current one"),
  namespace: optional(
    text({ what: "a namespace of a-z, 0-9 and dashes", pattern: /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/, maxLength: 63 }),
    "Namespace of Kubernetes.",
    "one for the cluster",
  ),
  region: optional(text({ what: "a region" }), "Region of AWS or Fly.io.", "that of the account's settings"),
  profile: optional(text({ what: "a profile" }), "Profile of the AWS credentials.", "default"),
  redis: optional(
    redisAddress,
    "Redis for queues, as a redis:// or rediss:// address.",
    "REDIS_URL of the environment",
  ),
};

const targetMap = object(targetFields, { name: "the target" });

/** A target kind, or a map with its settings. */
const target: Shape<Draft<typeof targetFields>> = {
  expects: targetWord.expects,
  inner: { kind: "either", shapes: [targetWord, targetMap] },
  json: () => ({ anyOf: [targetWord.json(), targetMap.json()] }),
  read(node, path, report) {
    if (node.kind === "map") return targetMap.read(node, path, report);
    const kind: TargetKind | PlannedTargetKind | typeof invalid = targetWord.read(node, path, report);
    const none = undefined;
    return { kind, context: none, namespace: none, region: none, profile: none, redis: none };
  },
};

const hibernation = object({
  enabled: optional(flag(), "Whether the cluster hibernates by itself.", "true"),
  idle_timeout: optional(duration, "Hibernate after this time without work."),
  sleep: optional(cron, "When to hibernate, as a cron expression."),
  wake: optional(cron, "When to wake up, as a cron expression."),
  time_zone: optional(timeZone, "Time zone of sleep and wake.", "UTC"),
});

const budget = object({
  max_hourly_usd: optional(amountUsd, "Reject plans that cost more per hour, in US dollars."),
  max_monthly_usd: optional(amountUsd, "Reject plans that cost more per month (730 hours), in US dollars."),
});

const knowledge = object(
  {
    name: required(
      text({
        what: "a name of a-z, 0-9, dashes and underscores",
        pattern: /^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$/,
        maxLength: 63,
      }),
      "Name of the bundle: its folder under SWARM_KNOWLEDGE_DIR.",
    ),
    path: required(text({ what: "a path" }), "File or folder, relative to the blueprint."),
  },
  { name: "the bundle" },
);

const shared = object({
  memory: optional(flag(), "A versioned key-value store for all agents.", "false"),
  volume: optional(bytes, "Size of a volume that all agents can write to."),
  knowledge: optional(list(knowledge), "File bundles that all agents can read."),
});

const network = object({
  provider: optional(
    choice(["standard", "cilium"]),
    "Enforcement of host names: our forward proxy, or Cilium.",
    "standard",
  ),
  enforce: optional(flag(), "Reject a target that cannot enforce the rules; false: only warn.", "true"),
  egress: optional(list(egressRule, { unique: true }), "Destinations that agents may reach; default: all."),
});

export const cluster = object({
  type: required(choice(clusterTypes), "Type of the cluster, which determines its lifetime and hibernation."),
  ttl: optional(duration, "Destroy the cluster after this time. Required for a temporary cluster."),
  min_workers: optional(count, "Minimum number of instances of all agents together.", "the sum of the minimum counts"),
  max_workers: optional(count, "Maximum number of instances of all agents together.", "the sum of the maximum counts"),
  target: optional(target, "Where the cluster runs.", defaultTarget),
  scaling: optional(scaling, "Rules of automatic scaling."),
  hibernation: optional(hibernation, "Automatic hibernation.", "never by itself"),
  budget: optional(budget, "Cost limits."),
  shared: optional(shared, "Resources that agents share."),
  network: optional(network, "Network access of agents."),
});
