import { Provider } from "@pulumi/kubernetes/provider.js";
import { partName } from "../../part-name.ts";
import type { CreateTarget } from "../create-target.ts";
import { createKubernetesCluster } from "./create-scope.ts";

/** The kubernetes target: an existing control plane, reached by a context of the kubeconfig. */
export const createKubernetes: CreateTarget = (context) => {
  const { plan, parent } = context;
  const { platform } = plan;
  if (platform.kind !== "kubernetes") throw new TypeError(`a plan for ${platform.kind}`);
  return createKubernetesCluster(context, {
    kubernetes: platform,
    provider: createProvider(),
    connection: { context: platform.context },
    storage: {},
  }).outputs;

  function createProvider(): Provider {
    const name = partName(plan.resource, "kubernetes");
    return new Provider(
      name,
      {
        ...(platform.kind === "kubernetes" && platform.context !== undefined && { context: platform.context }),
        // Only another identifier replaces the resources, never a new token or a renamed user.
        clusterIdentifier: `context/${plan.target.context ?? ""}`,
        enableConfigMapMutable: true,
        enableSecretMutable: true,
      },
      { parent },
    );
  }
};
