import { SwarmError } from "../errors.ts";
import { recordAt, recordsAt, textAt } from "../platform/json.ts";
import { type Environment, type KubeconfigDocument, loadKubeconfig, usualPaths } from "./kubeconfig.ts";

/** Selection from a kubeconfig. */
export interface Choice {
  /** Overrides the current context. */
  readonly context?: string | undefined;
  /** Overrides the context's cluster. */
  readonly cluster?: string | undefined;
}

/** A context and the stanzas that it refers to. */
export interface ActiveContext {
  readonly name: string;
  readonly server: URL;
  readonly cluster: Record<string, unknown>;
  readonly user: Record<string, unknown>;
  readonly namespace: string | undefined;
}

/** The control plane of a context. */
export interface Address {
  /** Undefined inside of a pod, where there is no kubeconfig. */
  readonly context: string | undefined;
  readonly server: string;
}

/** @throws SwarmError SW611 when there is no such context, or it leads to no server */
export function activeContext(config: KubeconfigDocument, choice: Choice): ActiveContext {
  const name = choice.context || textAt(config, "current-context");
  if (!name) {
    throw new SwarmError("SW611", `the kubeconfig has no current context (it has ${namesOf(config, "contexts")})`, {
      hints: ["kubectl config use-context NAME, or cluster.target.context in the blueprint"],
    });
  }
  const context = named(config, "contexts", "context", name);
  if (context === undefined) {
    throw new SwarmError("SW611", `the kubeconfig has no context ${name} (it has ${namesOf(config, "contexts")})`);
  }
  const clusterName = choice.cluster ?? textAt(context, "cluster") ?? "";
  const cluster = named(config, "clusters", "cluster", clusterName);
  if (cluster === undefined) throw noCluster(config, name, clusterName, choice);
  const user = named(config, "users", "user", textAt(context, "user") ?? "") ?? {};
  return { name, server: serverOf(cluster, clusterName), cluster, user, namespace: textAt(context, "namespace") };
}

/**
 * Finds the control plane of a context, or of the current one, in the usual kubeconfig; in a pod without a kubeconfig, that
 * of the pod.
 *
 * @throws SwarmError SW611 when no file or context leads to one
 */
export function findControlPlane(context: string | undefined, env: Environment): Address {
  const config = loadKubeconfig(undefined, env);
  if (config !== undefined) {
    const { name, cluster } = activeContext(config, { context });
    return { context: name, server: textAt(cluster, "server") ?? "" };
  }
  const inside = context === undefined ? serverInPod(env) : undefined;
  if (inside === undefined) throw noKubeconfig(env);
  return { context: undefined, server: inside };
}

/** The URL of the control plane that a pod runs on; undefined outside of a pod. */
export function serverInPod(env: Environment): string | undefined {
  const host = env.KUBERNETES_SERVICE_HOST;
  if (!host) return undefined;
  return `https://${host.includes(":") ? `[${host}]` : host}:${env.KUBERNETES_SERVICE_PORT ?? "443"}`;
}

export function noKubeconfig(env: Environment): SwarmError {
  const paths = usualPaths(env);
  return new SwarmError("SW611", `there is not a kubeconfig: ${paths.join(", ")} cannot be found`, {
    hints: ["let KUBECONFIG name one"],
    values: { paths },
  });
}

function named(
  config: KubeconfigDocument,
  list: string,
  member: string,
  name: string,
): Record<string, unknown> | undefined {
  const entry = recordsAt(config, list).find((candidate) => candidate.name === name);
  return entry === undefined ? undefined : recordAt(entry, member);
}

function namesOf(config: KubeconfigDocument, list: string): string {
  return (
    recordsAt(config, list)
      .map(({ name }) => String(name))
      .join(", ") || "none"
  );
}

function noCluster(config: KubeconfigDocument, context: string, name: string, choice: Choice): SwarmError {
  const words =
    choice.cluster === undefined
      ? `context ${context} names the cluster ${name}, which the kubeconfig lacks`
      : `the kubeconfig has no cluster ${name} (it has ${namesOf(config, "clusters")})`;
  return new SwarmError("SW611", words);
}

function serverOf(cluster: Record<string, unknown>, name: string): URL {
  const server = textAt(cluster, "server") ?? "";
  const url = URL.parse(server);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new SwarmError("SW611", `the kubeconfig has no server for the cluster ${name}: "${server}" is not a URL`);
  }
  return url;
}
