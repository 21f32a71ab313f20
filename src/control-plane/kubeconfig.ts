import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { SwarmError } from "../errors.ts";

/** The control plane that a context of the kubeconfig means. */
export interface Address {
  /** Undefined inside of a pod, where there is no kubeconfig. */
  readonly context: string | undefined;
  readonly server: string;
}

const fileSchema = z.object({
  "current-context": z.string().nullish(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string() }) })).nullish(),
  clusters: z.array(z.object({ name: z.string(), cluster: z.object({ server: z.string() }) })).nullish(),
});

/** What is read of one kubeconfig file. */
export type Kubeconfig = z.infer<typeof fileSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds the control plane of a context, or of the current one, in the files of KUBECONFIG or in ~/.kube/config; in a pod
 * without either it is the one that the pod runs on.
 *
 * @throws SwarmError SW611 when no file or context leads to one
 */
export function findControlPlane(context: string | undefined, env: Environment): Address {
  const paths = kubeconfigPaths(env);
  const files = paths.flatMap((path) => readKubeconfig(path) ?? []);
  const host = env.KUBERNETES_SERVICE_HOST;
  if (files.length === 0 && context === undefined && host !== undefined) {
    return { context: undefined, server: `https://${host}:${env.KUBERNETES_SERVICE_PORT ?? "443"}` };
  }
  if (files.length === 0) {
    throw new SwarmError("SW611", `there is no kubeconfig: ${paths.join(", ")} cannot be found`, {
      hints: ["let KUBECONFIG name one"],
      values: { paths },
    });
  }
  return chooseContext(files, context);
}

/**
 * Of several files the first that says something wins, as kubectl merges them.
 *
 * @throws SwarmError SW611 when there is no such context, or it names no cluster
 */
export function chooseContext(files: readonly Kubeconfig[], wanted: string | undefined): Address {
  const current = files.map((file) => file["current-context"]).find((name) => name != null && name !== "");
  const name = wanted ?? current;
  const contexts = files.flatMap((file) => file.contexts ?? []);
  const known = contexts.map((context) => context.name).join(", ") || "none";
  if (name == null) {
    throw new SwarmError("SW611", `the kubeconfig has no current context (it has ${known})`, {
      hints: ["kubectl config use-context NAME, or cluster.target.context in the blueprint"],
    });
  }
  const context = contexts.find((one) => one.name === name)?.context;
  if (context === undefined) throw new SwarmError("SW611", `the kubeconfig has no context ${name} (it has ${known})`);
  const cluster = files.flatMap((file) => file.clusters ?? []).find((one) => one.name === context.cluster)?.cluster;
  if (cluster === undefined) {
    throw new SwarmError("SW611", `context ${name} names the cluster ${context.cluster}, which the kubeconfig lacks`);
  }
  return { context: name, server: cluster.server };
}

function kubeconfigPaths(env: Environment): readonly string[] {
  const given = (env.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
  return given.length > 0 ? given : [join(env.HOME || homedir(), ".kube", "config")];
}

function readKubeconfig(path: string): Kubeconfig | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  const parsed = fileSchema.safeParse(parse(text) ?? {});
  if (parsed.success) return parsed.data;
  throw new SwarmError("SW611", `${path} is no kubeconfig: ${z.prettifyError(parsed.error)}`);
}
