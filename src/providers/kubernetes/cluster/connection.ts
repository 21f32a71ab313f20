import { readFileSync } from "node:fs";
import http from "node:http";
import type { RequestOptions } from "node:https";
import https from "node:https";
import { requirePackages } from "../../../optional-packages.ts";
import { textAt } from "../../../platform/json.ts";
import { type ActiveContext, activeContext, type Choice, type KubeconfigDocument } from "./kubeconfig.ts";

/** Where the API server is, and how to be let in. */
export interface ApiConnection {
  readonly server: URL;
  readonly agent: http.Agent;
  /** Asked before each request: a token may be short-lived. */
  headers(): Promise<Record<string, string>>;
}

const maxSockets = 64;

/**
 * Certificates, tokens and passwords are read here, which takes milliseconds. What needs a program or a proxy (`exec`,
 * `auth-provider`, `proxy-url`) is left to the Kubernetes client, whose loading alone takes more than a second.
 */
export async function connect(config: KubeconfigDocument, choice: Choice): Promise<ApiConnection> {
  const active = activeContext(config, choice);
  const server = new URL(textAt(active.cluster, "server") ?? "");
  const exotic = "exec" in active.user || "auth-provider" in active.user || "proxy-url" in active.cluster;
  if (exotic) return await connectByClient(server, config, choice);
  const agent =
    server.protocol === "http:"
      ? new http.Agent({ keepAlive: true, maxSockets })
      : new https.Agent({ keepAlive: true, maxSockets, ...tlsOptions(active) });
  return { server, agent, headers: async () => authorization(active.user) };
}

/** The connection of a pod: its service account. Undefined outside of a cluster. */
export function connectInCluster(env: NodeJS.ProcessEnv): ApiConnection | undefined {
  const host = env.KUBERNETES_SERVICE_HOST;
  if (host === undefined) return undefined;
  const folder = "/var/run/secrets/kubernetes.io/serviceaccount";
  const read = (name: string) => readFileSync(`${folder}/${name}`, "utf8").trim();
  return {
    server: new URL(`https://${host.includes(":") ? `[${host}]` : host}:${env.KUBERNETES_SERVICE_PORT ?? "443"}`),
    agent: new https.Agent({ keepAlive: true, maxSockets, ca: read("ca.crt") }),
    headers: async () => ({ authorization: `Bearer ${read("token")}` }),
  };
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
  if (name === undefined) return {};
  const password = textAt(user, "password") ?? "";
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}` };
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

async function connectByClient(server: URL, config: KubeconfigDocument, { context }: Choice): Promise<ApiConnection> {
  requirePackages(["@kubernetes/client-node"], "a kubeconfig that runs a command for its credentials");
  const { KubeConfig } = await import("@kubernetes/client-node");
  const client = new KubeConfig();
  client.loadFromString(JSON.stringify(config));
  if (context !== undefined) client.setCurrentContext(context);
  const options = async () => {
    const made: RequestOptions = {};
    await client.applyToHTTPSOptions(made);
    return made;
  };
  const { agent, ca, cert, key, rejectUnauthorized } = await options();
  return {
    server,
    agent:
      agent instanceof http.Agent
        ? agent
        : new https.Agent({
            keepAlive: true,
            maxSockets,
            ...optional("ca", ca),
            ...optional("cert", cert),
            ...optional("key", key),
            ...optional("rejectUnauthorized", rejectUnauthorized),
          }),
    async headers() {
      const { headers, auth } = await options();
      const plain = Object.entries((headers ?? {}) as Record<string, unknown>).map(([name, value]) => [
        name,
        String(value),
      ]);
      return {
        ...Object.fromEntries(plain),
        ...(auth && { authorization: `Basic ${Buffer.from(auth).toString("base64")}` }),
      };
    },
  };
}
