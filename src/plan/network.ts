import { isIP } from "node:net";
import type { Agent, EgressRule, Network, Target, TargetKind } from "../blueprint/model.ts";
import { parseRedis } from "../blueprint/notation/redis.ts";
import { isRedisReached } from "../blueprint/redis-route.ts";
import { SwarmError } from "../errors.ts";
import { partName } from "../part-name.ts";
import { targets } from "../targets/targets.ts";
import { images } from "./images.ts";
import type { NetworkPlan, ProxyPlan, RedisPlan } from "./plan.ts";
import { squidConfig } from "./squid.ts";

const proxyPort = 3128;

export interface NetworkContext {
  /** Name of the cluster's resources. */
  readonly resource: string;
  readonly target: Target;
  readonly agents: readonly Agent[];
}

/** The egress rules of the agents, and the proxy that enforces them. */
export function planNetwork(network: Network, { resource, target, agents }: NetworkContext): NetworkPlan {
  const redis = agents.some(({ queue }) => queue !== undefined) ? planRedis(target) : undefined;
  const confined = confines(network, target);
  if (confined) refuseUnreachableRedis(network, target, redis);
  return {
    provider: network.provider,
    egress: confined ? network.egress : undefined,
    proxy: confined && needsProxy(network, target) ? planProxy(network.egress ?? [], resource, target) : undefined,
    redis,
  };
}

/** Some targets cannot enforce egress rules; with `enforce: false` the blueprint accepts that. */
function confines({ egress, enforce }: Network, { kind }: Target): boolean {
  if (egress === undefined) return false;
  if (targets[kind].egress !== undefined) return true;
  if (!enforce) return false;
  throw new SwarmError("SW608", `target ${kind} cannot enforce egress rules`, {
    hints: ["choose another target, or set network.enforce: false"],
  });
}

/** A NetworkPolicy matches addresses, not names; a Cilium policy matches both; a Docker network has no rules at all. */
function needsProxy({ provider, egress = [] }: Network, { kind }: Target): boolean {
  if (isProxyOnly(kind)) return egress.length > 0;
  return provider === "standard" && egress.some((rule) => rule.kind === "host");
}

/** The proxy is the only route out of the network, also to an address. */
function isProxyOnly(kind: TargetKind): boolean {
  return targets[kind].egress?.by === "proxy";
}

function planProxy(rules: readonly EgressRule[], owner: string, { kind }: Target): ProxyPlan {
  const resource = partName(owner, "egress");
  return {
    resource,
    image: images[targets[kind].egress?.proxyImage ?? "proxy"],
    port: proxyPort,
    config: squidConfig(rules, proxyPort),
  };
}

function planRedis({ redis }: Target): RedisPlan {
  if (redis === undefined) return { kind: "env", variable: "REDIS_URL" };
  const parsed = parseRedis(redis);
  if (parsed.ok) return { kind: "address", ...parsed.value };
  throw new SwarmError("SW608", `cluster.target.redis cannot be used: ${parsed.why}`, {
    hints: parsed.fix === undefined ? [] : [parsed.fix],
  });
}

function refuseUnreachableRedis(network: Network, { kind }: Target, redis: RedisPlan | undefined): void {
  if (redis === undefined || isRedisReached(network, kind, redis.kind === "address" ? redis : undefined)) return;
  throw new SwarmError(
    "SW608",
    `network.egress is set, and no rule lets agents reach Redis${redis.kind === "address" ? ` at ${redis.host}:${redis.port}` : ""}`,
    {
      hints: isProxyOnly(kind)
        ? [`a ${kind} network with egress rules cannot reach Redis: omit egress, or use another target`]
        : ["add the CIDR of Redis with its port to cluster.network.egress"],
    },
  );
}

/** One address as a CIDR. */
export function cidrOf(address: string): string {
  return isIP(address) === 6 ? `${address}/128` : `${address}/32`;
}
