import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/index.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import { agentApi } from "../../names.ts";
import { partName } from "../../part-name.ts";
import type { AgentPlan } from "../../plan/plan.ts";
import type { AgentParts } from "./agent-parts.ts";
import { paths } from "./environment.ts";
import { inNamespace } from "./labels.ts";
import { quantity } from "./quantity.ts";
import type { KubernetesScope } from "./scope.ts";

/** Name of the claim template of a stateful agent. */
export const stateVolume = "state";

const tokenSeconds = 3600;

export interface PodVolumes {
  /** Without the state of a stateful agent: that comes from a claim template. */
  readonly volumes: core.v1.Volume[];
  readonly mounts: core.v1.VolumeMount[];
}

export function volumesOf(agent: AgentPlan, parts: AgentParts): PodVolumes {
  const volumes: core.v1.Volume[] = [];
  const mounts: core.v1.VolumeMount[] = [];
  function add(volume: core.v1.Volume & { name: string }, mountPath: string, readOnly: boolean): void {
    volumes.push(volume);
    mounts.push({ name: volume.name, mountPath, ...(readOnly && { readOnly }) });
  }

  const config = parts.configs[agent.key];
  if (config !== undefined) add({ name: "config", configMap: { name: config.name } }, paths.config, true);
  for (const [index, [folder, { name, items }]] of Object.entries(parts.knowledge).entries()) {
    add(
      { name: `knowledge-${index}`, configMap: { name, ...(items.length > 0 && { items: [...items] }) } },
      `${paths.knowledge}/${folder}`,
      true,
    );
  }
  // The control plane rejects tokens for this audience.
  const token = { audience: agentApi.audience, expirationSeconds: tokenSeconds, path: "token" };
  add({ name: "token", projected: { sources: [{ serviceAccountToken: token }] } }, paths.token, true);
  if (parts.shared !== undefined) {
    add({ name: "shared", persistentVolumeClaim: { claimName: parts.shared } }, paths.shared, false);
  }
  if (agent.state === undefined) add({ name: stateVolume, emptyDir: {} }, paths.state, false);
  else mounts.push({ name: stateVolume, mountPath: agent.state.path });
  return { volumes, mounts };
}

/** The volume that all agents write to, if the plan has one. */
export function createSharedVolume(scope: KubernetesScope): pulumi.Output<string> | undefined {
  const { plan, options, storage } = scope;
  const { volumeBytes } = plan.shared;
  if (volumeBytes === undefined) return undefined;
  const name = partName(plan.resource, "shared");
  const spec = {
    accessModes: ["ReadWriteMany"],
    resources: { requests: { storage: quantity(volumeBytes) } },
    ...(storage.shared !== undefined && { storageClassName: storage.shared }),
  };
  return new PersistentVolumeClaim(name, { metadata: inNamespace(scope, name), spec }, options).metadata.name;
}
