import { z } from "zod";
import { type DockerAddress, findDocker } from "../../docker-host/address.ts";
import { SwarmError } from "../../errors.ts";
import type { Properties } from "../base/values.ts";

/** Credentials for a registry. */
export interface RegistryAuth {
  /** Host, with its port if it has one. */
  readonly address: string;
  readonly username: string;
  readonly password: string;
}

export interface DockerProviderSettings {
  readonly address: DockerAddress;
  readonly registries: readonly RegistryAuth[];
}

const registrySchema = z.object({
  address: z.string(),
  username: z.string().default(""),
  password: z.string().default(""),
});

const refused = ["caMaterial", "certMaterial", "keyMaterial", "sshOpts"];

/**
 * Reads the arguments of the Provider resource, or `docker:<key>` of the stack; nested values arrive as JSON texts.
 *
 * @throws SwarmError SW613 for a context that does not exist, SW737 for settings that this plugin does not support
 */
export function readSettings(args: Properties, env: NodeJS.ProcessEnv): DockerProviderSettings {
  for (const name of refused) {
    if (textOf(args[name]) !== undefined) {
      throw new SwarmError("SW737", `the offline docker plugin does not have ${name}`, {
        hints: [
          "certPath names a folder with ca.pem, cert.pem and key.pem; a context of the docker command has its own",
        ],
        values: { argument: name },
      });
    }
  }
  const { url, tls } = findDocker(textOf(args.context) ?? textOf(args.host), env);
  return {
    address: { url, tls: textOf(args.certPath) ?? tls },
    registries: z.array(registrySchema).parse(jsonOf(args.registryAuth) ?? []),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function jsonOf(value: unknown): unknown {
  return typeof value === "string" && value !== "" ? JSON.parse(value) : value;
}
