import { isIP } from "node:net";
import { targets } from "../targets/targets.ts";
import type { Network, TargetKind } from "./model.ts";
import type { RedisAddress } from "./notation/redis.ts";

/**
 * Whether agents reach their Redis through the egress rules. Its protocol is not HTTP: behind a policy it is reached by
 * address, inside the cluster, or by a Cilium policy; a network whose only way out is a proxy has no way to it.
 *
 * @param redis undefined: the address is not in the blueprint
 */
export function isRedisReached(
  { provider, egress }: Pick<Network, "provider" | "egress">,
  target: TargetKind,
  redis: RedisAddress | undefined,
): boolean {
  const { egress: support } = targets[target];
  if (egress === undefined || support === undefined || provider === "cilium") return true;
  if (support.by === "proxy") return false;
  if (redis !== undefined && (isInside(redis.host) || isIP(redis.host) !== 0)) return true;
  return egress.some(
    (rule) => rule.kind === "cidr" && (rule.port === undefined || redis === undefined || rule.port === redis.port),
  );
}

/** Names that only the DNS of the cluster resolves. */
export function isInside(host: string): boolean {
  return /^[^.:]+$/.test(host) || /\.svc(\.cluster\.local)?$/.test(host);
}
