import { activeContext } from "../../../control-plane/context.ts";
import { InvalidKubeconfig, loadKubeconfig } from "../../../control-plane/kubeconfig.ts";
import { SwarmError } from "../../../errors.ts";
import type { KubernetesProviderSettings } from "../settings.ts";
import { type Discovery, openDiscovery } from "./discovery.ts";
import { type FoundKubeconfig, openLazyApi } from "./lazy-api.ts";
import { type Objects, openObjects } from "./objects.ts";

/** The cluster of a configured provider. Connects on the first request. */
export interface KubernetesCluster {
  readonly settings: KubernetesProviderSettings;
  /** Default namespace of objects. */
  readonly namespace: string;
  readonly discovery: Discovery;
  readonly objects: Objects;
  /** The provider resource's id; part of the owner of an object. */
  readonly provider: string | undefined;
}

/**
 * Opens a cluster without connecting. A missing file or context is not an error yet, as previews and unchanged updates need no
 * cluster; requests then fail with the reason.
 *
 * @throws SwarmError SW611 when the kubeconfig cannot be parsed
 */
export function openCluster(
  settings: KubernetesProviderSettings,
  provider: string | undefined,
  env: NodeJS.ProcessEnv,
): KubernetesCluster {
  const found = findKubeconfig(settings, env);
  const api = openLazyApi(found, settings, env);
  const discovery = openDiscovery(api);
  return {
    settings,
    namespace: settings.namespace ?? namespaceOf(found, settings) ?? "default",
    discovery,
    objects: openObjects(api, discovery, () => performance.now()),
    provider,
  };
}

function findKubeconfig(settings: KubernetesProviderSettings, env: NodeJS.ProcessEnv): FoundKubeconfig {
  try {
    return loadKubeconfig(settings.kubeconfig, env);
  } catch (error) {
    if (error instanceof SwarmError && !(error instanceof InvalidKubeconfig)) return error;
    throw error;
  }
}

function namespaceOf(found: FoundKubeconfig, { context, cluster }: KubernetesProviderSettings): string | undefined {
  if (found === undefined || found instanceof SwarmError) return undefined;
  try {
    return activeContext(found, { context, cluster }).namespace;
  } catch {
    // The first request reports it.
    return undefined;
  }
}
