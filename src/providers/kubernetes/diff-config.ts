import { activeContext } from "../../control-plane/context.ts";
import { loadKubeconfig } from "../../control-plane/kubeconfig.ts";
import { textAt } from "../../platform/json.ts";
import { changedPaths } from "../base/diff.ts";
import type { ChangeKind, DiffResult } from "../base/resource.ts";
import { hasUnknown, type Properties } from "../base/values.ts";

/**
 * Effect of a change of the provider's configuration. Another cluster replaces the provider, and with it every resource;
 * other credentials for the same cluster do not. `clusterIdentifier` overrides the cluster named by the kubeconfig.
 */
export function diffConfig(olds: Properties, news: Properties, env: NodeJS.ProcessEnv): DiffResult {
  const changes: Record<string, ChangeKind> = changedPaths(withoutVersion(olds), withoutVersion(news));
  if (isOtherCluster(olds, news, env)) {
    const key = changes.clusterIdentifier !== undefined && olds.clusterIdentifier ? "clusterIdentifier" : "kubeconfig";
    changes[key] = "update-replace";
  }
  return { changes };
}

function isOtherCluster(olds: Properties, news: Properties, env: NodeJS.ProcessEnv): boolean {
  const [before, after] = [olds.clusterIdentifier, news.clusterIdentifier];
  if (before && after) return before !== after;
  if (after) return false;
  if (hasUnknown(news.kubeconfig)) return true;
  const [one, other] = [clusterOf(olds, env), clusterOf(news, env)];
  return one !== undefined && other !== undefined && one !== other;
}

/** Identity of the configured cluster; undefined when unknown. */
function clusterOf(config: Properties, env: NodeJS.ProcessEnv): string | undefined {
  if (hasUnknown([config.kubeconfig, config.context])) return undefined;
  try {
    const kubeconfig = loadKubeconfig(textAt(config, "kubeconfig"), env);
    if (kubeconfig === undefined) return undefined;
    const { cluster } = activeContext(kubeconfig, {
      context: textAt(config, "context"),
      cluster: textAt(config, "cluster"),
    });
    return JSON.stringify([cluster.server, cluster["certificate-authority-data"] ?? cluster["certificate-authority"]]);
  } catch {
    return undefined;
  }
}

/** Omits the SDK's version, which does not affect the cluster. */
function withoutVersion({ version: _version, ...config }: Properties): Properties {
  return config;
}
