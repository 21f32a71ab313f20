import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { SwarmError } from "../errors.ts";

/** Where a docker daemon listens, and the TLS files of a connection. */
export interface DockerAddress {
  /** `unix:///run/docker.sock`, `tcp://host:2376`, `ssh://user@host`. */
  readonly url: string;
  /** Folder with ca.pem, cert.pem and key.pem; undefined: no TLS. */
  readonly tls: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultUrl = "unix:///var/run/docker.sock";

/** As `docker context create` writes it. */
const contextSchema = z.object({ Endpoints: z.object({ docker: z.object({ Host: z.string() }) }) });

/**
 * The daemon of a target, in the order of the engine's docker plugin: the named one, DOCKER_HOST, DOCKER_CONTEXT,
 * the usual socket.
 *
 * @param named a URL, or the name of a context of the docker command
 * @throws SwarmError SW613 where the context does not exist
 */
export function findDocker(named: string | undefined, env: Environment): DockerAddress {
  if (named?.includes("://")) return { url: named, tls: tlsOf(env) };
  if (named === undefined && env.DOCKER_HOST) return { url: env.DOCKER_HOST, tls: tlsOf(env) };
  const context = named ?? (env.DOCKER_CONTEXT || "default");
  return context === "default" ? { url: defaultUrl, tls: undefined } : readContext(context, env);
}

function tlsOf({ DOCKER_TLS_VERIFY, DOCKER_CERT_PATH, HOME }: Environment): string | undefined {
  if (!DOCKER_TLS_VERIFY) return undefined;
  return DOCKER_CERT_PATH || join(HOME ?? homedir(), ".docker");
}

function readContext(name: string, env: Environment): DockerAddress {
  const folder = join(env.DOCKER_CONFIG || join(env.HOME ?? homedir(), ".docker"), "contexts");
  const id = createHash("sha256").update(name).digest("hex");
  const file = join(folder, "meta", id, "meta.json");
  if (!existsSync(file)) {
    throw new SwarmError("SW613", `there is no docker context ${name}`, {
      hints: ["list them with docker context ls, or use a URL such as unix:///run/docker.sock"],
      values: { context: name },
    });
  }
  const { Host: url } = contextSchema.parse(JSON.parse(readFileSync(file, "utf8"))).Endpoints.docker;
  const tls = join(folder, "tls", id, "docker");
  return { url, tls: existsSync(tls) ? tls : undefined };
}
