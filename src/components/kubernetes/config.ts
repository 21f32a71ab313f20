import { createHash } from "node:crypto";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { limits } from "../../blueprint/source/limits.ts";
import { SwarmError } from "../../errors.ts";
import { resourceName, shortHash } from "../../names.ts";
import { partName } from "../../part-name.ts";
import { inNamespace } from "./labels.ts";
import type { KubernetesScope } from "./scope.ts";

export interface MountedConfig {
  readonly name: pulumi.Output<string>;
  /** Changes with the content, so that pods that read it are replaced. */
  readonly checksum: string;
  readonly items: readonly { readonly key: string; readonly path: string }[];
}

const configKey = "config.json";

/** The file under SWARM_CONFIG of each agent, by agent key. */
export function createConfigs(scope: KubernetesScope): Readonly<Record<string, MountedConfig>> {
  return Object.fromEntries(
    scope.plan.agents.map((agent) => {
      const name = partName(agent.resource, "config");
      const args = { metadata: inNamespace(scope, name), data: { [configKey]: agent.config } };
      const map = new ConfigMap(name, args, scope.options);
      const mounted = {
        name: map.metadata.name,
        checksum: checksum(agent.config),
        items: [{ key: configKey, path: configKey }],
      };
      return [agent.key, mounted];
    }),
  );
}

/** The bundles of knowledge, by the folder that each is mounted as. */
export function createKnowledge(scope: KubernetesScope): Readonly<Record<string, MountedConfig>> {
  const { plan, resolver, options } = scope;
  return Object.fromEntries(
    plan.shared.knowledge.map(({ name: bundle, path }) => {
      const { digest, files } = resolver.knowledge(path);
      refuseTooLarge(
        bundle,
        files.reduce((sum, { content }) => sum + content.length, 0),
      );
      const folder = resourceName([bundle]);
      const name = partName(plan.resource, `knowledge-${folder}`);
      const items = files.map((file) => ({ key: shortHash(file.path, 16), path: file.path, content: file.content }));
      const binaryData = Object.fromEntries(items.map(({ key, content }) => [key, content.toString("base64")]));
      // The API server leaves out an empty map.
      const content = items.length === 0 ? {} : { binaryData };
      const map = new ConfigMap(name, { metadata: inNamespace(scope, name), ...content }, options);
      return [
        folder,
        { name: map.metadata.name, checksum: digest, items: items.map(({ key, path }) => ({ key, path })) },
      ];
    }),
  );
}

export function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function refuseTooLarge(bundle: string, bytes: number): void {
  if (bytes <= limits.settings) return;
  throw new SwarmError("SW608", `knowledge "${bundle}" has ${bytes} bytes, and a ConfigMap holds ${limits.settings}`, {
    hints: ["make it smaller, or put it on cluster.shared.volume"],
  });
}
