import type { KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import { SwarmError } from "../errors.ts";
import { requirePackages } from "../optional-packages.ts";

/** How a control plane is reached. */
export interface Connection {
  /** Content of a kubeconfig; without it KUBECONFIG, the usual file, or the pod's own account. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

type Library = typeof import("@kubernetes/client-node");

export interface Client {
  /** The Kubernetes client, loaded when it is first needed: that takes a second. */
  readonly library: Library;
  readonly config: KubeConfig;
  /** For any kind; it asks the API server once where a kind is. */
  readonly objects: KubernetesObjectApi;
}

/** @throws SwarmError SW506 where the client's package is not installed, SW611 where the kubeconfig cannot be read, or has no such context */
export async function connect({ kubeconfig, context }: Connection): Promise<Client> {
  requirePackages(["@kubernetes/client-node"], "a cluster on Kubernetes");
  const library = await import("@kubernetes/client-node");
  const config = new library.KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromString(kubeconfig);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SwarmError("SW611", `there is no kubeconfig: ${reason}`, { cause: error });
  }
  if (context !== undefined) {
    if (config.getContextObject(context) === null) {
      throw new SwarmError("SW611", `the kubeconfig has no context ${context}`);
    }
    config.setCurrentContext(context);
  }
  return { library, config, objects: library.KubernetesObjectApi.makeApiClient(config) };
}

const clients = new Map<string, Promise<Client>>();

/**
 * One client for each connection in this process, with one TLS connection and one API discovery. For a
 * process that runs as long as one operation: it does not see changes of the kubeconfig file.
 */
export function connectOnce(connection: Connection): Promise<Client> {
  const key = JSON.stringify([connection.kubeconfig, connection.context]);
  const client = clients.get(key) ?? connect(connection);
  clients.set(key, client);
  return client;
}

/** An answer of the API server that is no success. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly status: number;

  constructor(status: number, message: string, cause: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/**
 * Makes a call, and tells its failures apart.
 *
 * @throws ApiFailure with the API server's own words, SwarmError SW612 where it does not answer
 */
export async function calling<Result>({ library, config }: Client, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof library.ApiException) throw new ApiFailure(error.code, messageOf(error.body), error);
    const server = config.getCurrentCluster()?.server ?? "of this context";
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new SwarmError("SW612", `the control plane ${server} does not answer: ${reason}`, { cause: error });
  }
}

/** Undefined for what is not there. */
export async function unlessMissing<Result>(call: Promise<Result>): Promise<Result | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 404) return undefined;
    throw error;
  }
}

/** The message of a Status; a body that is none as it is. */
function messageOf(body: unknown): string {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  try {
    const status: unknown = typeof body === "string" ? JSON.parse(body) : body;
    if (typeof status === "object" && status !== null && "message" in status) return String(status.message);
  } catch {
    // Not JSON: a proxy in between, or "404 page not found".
  }
  return text.slice(0, 500);
}
