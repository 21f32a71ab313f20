import { SwarmError } from "../../errors.ts";
import type { Provider, Resource } from "../base/resource.ts";
import { type KubernetesCluster, openCluster } from "./cluster/cluster.ts";
import { diffObject } from "./diff/diff-object.ts";
import { diffConfig } from "./diff-config.ts";
import { checkInputs } from "./inputs/check.ts";
import { createObject } from "./operations/create.ts";
import { deleteObject } from "./operations/delete.ts";
import { readObject } from "./operations/read.ts";
import { updateObject } from "./operations/update.ts";
import { readSettings } from "./settings.ts";
import { liveOf, secretPlaces } from "./state.ts";

/** Version of the official provider that this one replaces offline; the SDK requests it. */
const officialVersion = "4.34.2";

/**
 * The offline kubernetes provider: supports every kind that the API server serves. Uses the official provider's state
 * format, so a stack can switch between the two.
 */
export function kubernetesProvider(env: NodeJS.ProcessEnv): Provider {
  let configured: KubernetesCluster | undefined;

  function cluster(): KubernetesCluster {
    if (configured === undefined) throw new SwarmError("SW732", "the kubernetes provider was not configured");
    return configured;
  }

  const object: Resource = {
    check: async (request) => await checkInputs(request, cluster()),
    diff: async ({ olds, oldInputs, news, ignoreChanges }) =>
      diffObject({ live: liveOf(olds), oldInputs, news, ignoreChanges, mutable: cluster().settings.mutable }),
    create: async (request) => await createObject(request, cluster()),
    read: async (request) => await readObject(request, cluster()),
    update: async (request) => await updateObject(request, cluster()),
    delete: async (request) => await deleteObject(request, cluster()),
    secretPlaces,
  };

  return {
    name: "kubernetes",
    version: officialVersion,
    resources: () => object,
    autonaming: true,
    unsupported:
      "the offline kubernetes plugin has resources only: yaml, helm and kustomize need the official plugin " +
      `(pulumi plugin install resource kubernetes ${officialVersion})`,
    async configure(config, { id }) {
      configured = openCluster(readSettings(config, env), id, env);
    },
    diffConfig: (olds, news) => diffConfig(olds, news, env),
  };
}
