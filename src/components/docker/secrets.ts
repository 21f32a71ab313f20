import { Container, Volume } from "@pulumi/docker/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { agentApi } from "../../names.ts";
import { partName } from "../../part-name.ts";
import { launcher } from "../../plan/images.ts";
import type { AgentPlan } from "../../plan/plan.ts";
import { dataSeed } from "./data-seed.ts";
import type { Images } from "./images.ts";
import { type DockerScope, labelsOf } from "./scope.ts";

/** The secrets of an agent, or of the agent server: files in a volume, which a launcher exports as variables. */
export interface SecretFiles {
  readonly mounts: readonly { type: string; source: pulumi.Input<string>; target: string; readOnly: true }[];
  /** Changes with the values and reveals nothing of them. */
  readonly generation: pulumi.Output<string>;
}

export interface DockerSecrets {
  of(agent: AgentPlan): SecretFiles | undefined;
  readonly api: SecretFiles | undefined;
}

export const secretsDir = "/run/secrets/swarmstack";

/** `docker inspect` shows the environment of a container, so no secret is in it. */
export function createSecrets(host: DockerScope, images: Images): DockerSecrets {
  const { plan, resolver, options } = host;
  let launchers: Volume | undefined;
  const agents = new Map(
    plan.agents.map((agent) => {
      const values = new Map(
        agent.secrets.flatMap((name) => {
          const reference = plan.secrets[name];
          return reference === undefined || reference.kind === "kubernetes"
            ? []
            : [[name, resolver.secret(name, reference)]];
        }),
      );
      if (agent.queue !== undefined) addRedis(values);
      return [agent.key, create(agent.resource, values)] as const;
    }),
  );
  const api = create(partName(plan.resource, agentApi.part), addRedis(new Map()));
  return { of: ({ key }) => agents.get(key), api };

  /** An address in the blueprint contains no password. */
  function addRedis(values: Map<string, pulumi.Output<string>>): Map<string, pulumi.Output<string>> {
    const { redis } = plan.network;
    if (redis?.kind !== "env") return values;
    return values.set("REDIS_URL", resolver.secret("REDIS_URL", { kind: "env", variable: redis.variable }));
  }

  function create(owner: string, values: ReadonlyMap<string, pulumi.Output<string>>): SecretFiles | undefined {
    if (values.size === 0) return undefined;
    const name = partName(owner, "secrets");
    const volume = new Volume(name, { name, labels: labelsOf(plan) }, options);
    const launch = launcherVolume();
    const mounts = [
      { type: "volume", source: volume.name, target: "/files/secrets" },
      { type: "volume", source: launch.name, target: launcher.folder },
    ];
    const uploads = [...values].map(([variable, value]) => ({
      file: `/files/secrets/${variable}`,
      contentBase64: value.apply((text) => Buffer.from(text).toString("base64")),
    }));
    const container = new Container(name, { ...dataSeed(host, name, images), mounts, uploads }, options);
    return {
      mounts: [
        { type: "volume", source: volume.name, target: secretsDir, readOnly: true },
        { type: "volume", source: launch.name, target: launcher.folder, readOnly: true },
      ],
      generation: container.id,
    };
  }

  function launcherVolume(): Volume {
    const name = partName(plan.resource, "launch");
    launchers ??= new Volume(name, { name, labels: labelsOf(plan) }, options);
    return launchers;
  }
}
