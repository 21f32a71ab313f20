import { readFileSync } from "node:fs";
import http from "node:http";
import type { RequestOptions } from "node:https";
import https from "node:https";
import { textAt } from "../platform/json.ts";
import { type ActiveContext, activeContext, type Choice, serverInPod } from "./context.ts";
import type { Environment, KubeconfigDocument } from "./kubeconfig.ts";
import { loadLibrary } from "./library.ts";

/** Address of an API server, and credentials for it. */
export interface ApiConnection {
  readonly server: URL;
  readonly agent: http.Agent;
  /** Agent of watches and logs, without a limit of sockets, as each keeps one open. */
  readonly streamAgent: http.Agent;
  /** Called before each request, as a token may be short-lived. */
  headers(): Promise<Record<string, string>>;
}

const maxSockets = 64;

/**
 * Opens a connection. Certificates, tokens and passwords are read directly, in milliseconds; `exec`, `auth-provider` and
 * `proxy-url` use the Kubernetes client package, which takes more than a second to load.
 *
 * @throws SwarmError SW611 if the context leads nowhere, SW506 if the package is needed and not installed
 */
export async function openConnection(config: KubeconfigDocument, choice: Choice): Promise<ApiConnection> {
  const active = activeContext(config, choice);
  const { server, user, cluster } = active;
  if ("exec" in user || "auth-provider" in user || "proxy-url" in cluster) {
    return await connectByLibrary(active);
  }
  return { server, ...agentsOf(server, tlsOptions(active)), headers: async () => authorization(user) };
}

/** The connection of a pod: its service account. Undefined outside of a pod. */
export function connectInPod(env: Environment): ApiConnection | undefined {
  const address = serverInPod(env);
  if (address === undefined) return undefined;
  const folder = "/var/run/secrets/kubernetes.io/serviceaccount";
  const read = (name: string) => readFileSync(`${folder}/${name}`, "utf8").trim();
  const server = new URL(address);
  return {
    server,
    ...agentsOf(server, { ca: read("ca.crt") }),
    headers: async () => ({ authorization: `Bearer ${read("token")}` }),
  };
}

function agentsOf({ protocol }: URL, tls: https.AgentOptions): Pick<ApiConnection, "agent" | "streamAgent"> {
  const open = (limits: http.AgentOptions) =>
    protocol === "http:" ? new http.Agent(limits) : new https.Agent({ ...tls, ...limits });
  return { agent: open({ keepAlive: true, maxSockets }), streamAgent: open({ keepAlive: true }) };
}

function tlsOptions({ cluster, user }: ActiveContext): https.AgentOptions {
  return {
    ...optional("ca", content(cluster, "certificate-authority")),
    ...optional("cert", content(user, "client-certificate")),
    ...optional("key", content(user, "client-key")),
    ...optional("servername", textAt(cluster, "tls-server-name")),
    rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
  };
}

function authorization(user: Record<string, unknown>): Record<string, string> {
  const file = textAt(user, "tokenFile");
  const token = file === undefined ? textAt(user, "token") : readFileSync(file, "utf8").trim();
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  const name = textAt(user, "username");
  return name === undefined ? {} : { authorization: basic(`${name}:${textAt(user, "password") ?? ""}`) };
}

function basic(login: string): string {
  return `Basic ${Buffer.from(login).toString("base64")}`;
}

/** A certificate or key: inline, or in a file. */
function content(stanza: Record<string, unknown>, field: string): Buffer | undefined {
  const inline = textAt(stanza, `${field}-data`);
  if (inline !== undefined) return Buffer.from(inline, "base64");
  const file = textAt(stanza, field);
  return file === undefined ? undefined : readFileSync(file);
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);
}

/** Passes only the chosen stanzas to the package, so that both read the same. */
async function connectByLibrary(active: ActiveContext): Promise<ApiConnection> {
  const { name, server, user, cluster } = active;
  const document = {
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster }],
    users: [{ name, user }],
  };
  const { config } = await loadLibrary(document, name, "a kubeconfig with exec, auth-provider or proxy-url");
  const options = async () => {
    const made: RequestOptions = {};
    await config.applyToHTTPSOptions(made);
    return made;
  };
  const { agent, cert, key } = await options();
  const proxied = "proxy-url" in cluster && agent instanceof http.Agent;
  const tls = { ...tlsOptions(active), ...optional("cert", cert), ...optional("key", key) };
  return {
    server,
    ...(proxied ? { agent, streamAgent: agent } : agentsOf(server, tls)),
    async headers() {
      const { headers, auth } = await options();
      const plain = Object.entries((headers ?? {}) as Record<string, unknown>).map(([name, value]) => [
        name,
        String(value),
      ]);
      return { ...Object.fromEntries(plain), ...(auth && { authorization: basic(auth) }) };
    },
  };
}
