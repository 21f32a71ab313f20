import type { KubeConfig } from "@kubernetes/client-node";
import { requirePackages } from "../optional-packages.ts";
import type { KubeconfigDocument } from "./kubeconfig.ts";

/** The Kubernetes client package, with the same kubeconfig. */
export interface Library {
  readonly library: typeof import("@kubernetes/client-node");
  readonly config: KubeConfig;
}

/**
 * Loads the Kubernetes client package, which takes a second; needed for WebSockets, credential programs and proxies.
 *
 * @param document undefined: the pod's own account
 * @param purpose the dependent, for the message: "exec in pods"
 * @throws SwarmError SW506 where it is not installed
 */
export async function loadLibrary(
  document: KubeconfigDocument | undefined,
  context: string | undefined,
  purpose: string,
): Promise<Library> {
  requirePackages(["@kubernetes/client-node"], purpose);
  const library = await import("@kubernetes/client-node");
  const config = new library.KubeConfig();
  if (document === undefined) config.loadFromCluster();
  else config.loadFromString(JSON.stringify(document));
  if (context !== undefined) config.setCurrentContext(context);
  return { library, config };
}
