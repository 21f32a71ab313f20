import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { SwarmError } from "../../../errors.ts";
import type { RegistryAuth } from "../settings.ts";

/** Content of the daemon's X-Registry-Auth header. */
export interface AuthConfig {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly serveraddress: string;
}

/** The part of the docker command's config.json that `docker login` writes. */
const configSchema = z.object({
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
});

/** Response of a credential helper to `get`. */
const credentialsSchema = z.object({ Username: z.string(), Secret: z.string() });

/** User name that marks the secret as a token. */
const tokenUser = "<token>";
const dockerHub = "https://index.docker.io/v1/";

/**
 * Credentials for a registry: the provider's, else those that `docker login` keeps in config.json or in a credential
 * helper; undefined for anonymous access.
 *
 * @throws SwarmError SW738 where a credential helper cannot be run
 */
export async function authFor(registry: string, given: readonly RegistryAuth[]): Promise<AuthConfig | undefined> {
  const own = given.find(({ address }) => hostOf(address) === registry);
  if (own !== undefined) return { username: own.username, password: own.password, serveraddress: registry };
  const { auths, credHelpers, credsStore } = readConfig();
  const helper = credHelpers[registry] ?? credsStore;
  const kept = helper === undefined ? undefined : await askHelper(helper, registry);
  if (kept !== undefined) return kept;
  const [, entry] = Object.entries(auths).find(([address]) => hostOf(address) === registry) ?? [];
  if (entry?.identitytoken) return { identitytoken: entry.identitytoken, serveraddress: registry };
  if (!entry?.auth) return undefined;
  const [username = "", ...password] = Buffer.from(entry.auth, "base64").toString().split(":");
  return { username, password: password.join(":"), serveraddress: registry };
}

/** @example hostOf("https://index.docker.io/v1/") // "docker.io" */
function hostOf(address: string): string {
  const host = address.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  return host === "index.docker.io" ? "docker.io" : host;
}

/** Undefined if the helper has no entry for the registry (protocol: docker/docker-credential-helpers). */
async function askHelper(helper: string, registry: string): Promise<AuthConfig | undefined> {
  const program = `docker-credential-${helper}`;
  const child = spawn(program, ["get"], { stdio: ["pipe", "pipe", "ignore"] });
  const ended = once(child, "close");
  child.stdin.on("error", () => {});
  child.stdin.end(registry === "docker.io" ? dockerHub : registry);
  const answer = text(child.stdout);
  const [status] = await ended.catch((cause: unknown) => {
    throw new SwarmError("SW738", `${program}, which has the login for ${registry}, cannot be run`, { cause });
  });
  if (status !== 0) return undefined;
  const { Username, Secret } = credentialsSchema.parse(JSON.parse(await answer));
  return Username === tokenUser
    ? { identitytoken: Secret, serveraddress: registry }
    : { username: Username, password: Secret, serveraddress: registry };
}

function readConfig(): z.infer<typeof configSchema> {
  try {
    const folder = process.env.DOCKER_CONFIG || join(homedir(), ".docker");
    return configSchema.parse(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")));
  } catch {
    return configSchema.parse({});
  }
}
