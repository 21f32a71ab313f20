import { SwarmError } from "../../../errors.ts";
import type { KubernetesProviderSettings } from "../settings.ts";
import { type Api, openApi } from "./api.ts";
import { Unreachable } from "./api-error.ts";
import { connect, connectInCluster } from "./connection.ts";
import { type Discovery, openDiscovery } from "./discovery.ts";
import { activeContext, type KubeconfigDocument, loadKubeconfig } from "./kubeconfig.ts";
import { type Objects, openObjects } from "./objects.ts";

/** The cluster of a configured provider. It is connected to by the first request. */
export interface KubernetesCluster {
  readonly settings: KubernetesProviderSettings;
  /** For objects that name none. */
  readonly namespace: string;
  readonly discovery: Discovery;
  readonly objects: Objects;
  /** The provider resource's id; part of who owns an object. */
  readonly provider: string | undefined;
}

/**
 * A kubeconfig that leads nowhere (no such file or context) is no error yet: previews and unchanged updates need no
 * cluster. Requests then say that it is unreachable, and why.
 *
 * @throws SwarmError SW731 when the kubeconfig cannot be parsed
 */
export function openCluster(
  settings: KubernetesProviderSettings,
  provider: string | undefined,
  env: NodeJS.ProcessEnv,
): KubernetesCluster {
  const found = findKubeconfig(settings, env);
  const api = openLazily(() => openConnected(found, settings, env));
  const discovery = openDiscovery(api);
  return {
    settings,
    namespace: settings.namespace ?? namespaceOf(found, settings) ?? "default",
    discovery,
    objects: openObjects(api, discovery),
    provider,
  };
}

function findKubeconfig(
  settings: KubernetesProviderSettings,
  env: NodeJS.ProcessEnv,
): KubeconfigDocument | SwarmError | undefined {
  try {
    return loadKubeconfig(settings.kubeconfig, env);
  } catch (error) {
    if (error instanceof SwarmError && error.code === "SW611") return error;
    throw error;
  }
}

function namespaceOf(
  found: KubeconfigDocument | SwarmError | undefined,
  { context, cluster }: KubernetesProviderSettings,
): string | undefined {
  if (found === undefined || found instanceof SwarmError) return undefined;
  try {
    return activeContext(found, { context, cluster }).namespace;
  } catch {
    // Said by the first request.
    return undefined;
  }
}

async function openConnected(
  found: KubeconfigDocument | SwarmError | undefined,
  { context, cluster }: KubernetesProviderSettings,
  env: NodeJS.ProcessEnv,
): Promise<Api> {
  if (found instanceof SwarmError) throw new Unreachable(found.message);
  if (found === undefined) {
    const inside = connectInCluster(env);
    if (inside === undefined) throw new Unreachable("no kubeconfig was found");
    return openApi(inside);
  }
  try {
    return openApi(await connect(found, { context, cluster }));
  } catch (error) {
    throw new Unreachable(error instanceof Error ? error.message : String(error));
  }
}

function openLazily(open: () => Promise<Api>): Api {
  let opened: Promise<Api> | undefined;
  return async (request) => {
    opened ??= open();
    return await (await opened)(request);
  };
}
