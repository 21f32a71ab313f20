import type { Plan } from "../../plan/plan.ts";
import { isScaledByUs } from "../../plan/scaling.ts";
import { readJson } from "../../platform/files.ts";
import type { ClusterRecord } from "../../stacks/state.ts";
import { settingsSchema } from "../../supervisor/settings.ts";
import { sitePaths } from "../../supervisor/site.ts";
import { descending, lineOf, streamOf } from "../../tasks/redis/streams.ts";
import { selectorsOf } from "../../tasks/selector.ts";

export interface PushedStreams {
  /** Of Redis, as it is reached from here. */
  readonly url: string;
  readonly streams: readonly string[];
}

/**
 * The streams to which work for the scaled agents of a cluster is pushed; undefined where its queue is not in Redis. From a container
 * an address in a blueprint may lead to another Redis than from here, so that of this process is listened to.
 */
export function pushedStreams(
  { uid, site }: Pick<ClusterRecord, "uid" | "site">,
  { agents, network }: Pick<Plan, "agents" | "network">,
  env: Readonly<Record<string, string | undefined>>,
): PushedStreams | undefined {
  const supervised = site && readJson(sitePaths(site.dir).settings, settingsSchema)?.redis;
  const url = site === undefined && network.redis !== undefined ? env.REDIS_URL || undefined : supervised;
  if (url === undefined) return undefined;
  const named = Object.fromEntries(agents.flatMap(({ key, queue }) => (queue === undefined ? [] : [[key, queue]])));
  const selectors = agents
    .filter(({ scaling }) => isScaledByUs(scaling))
    .flatMap(({ key, role, capabilities }) => selectorsOf({ agent: key, role, capabilities }));
  const streams = [...new Set(selectors)].flatMap((selector) => {
    const { stream } = streamOf(uid, selector, named);
    return descending.map((priority) => lineOf(stream, priority));
  });
  return { url, streams };
}
