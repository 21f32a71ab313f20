import { SwarmError } from "../errors.ts";
import { type Api, openApi } from "./api.ts";
import { connectInPod, openConnection } from "./connection.ts";
import { noKubeconfig } from "./context.ts";
import { loadKubeconfig } from "./kubeconfig.ts";
import { type Library, loadLibrary } from "./library.ts";

/** Connection to a control plane. */
export interface Connection {
  /** Content or path of a kubeconfig; without it KUBECONFIG, the usual file, or the pod's own account. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

export interface Client {
  readonly api: Api;
  /** The Kubernetes client package on the same kubeconfig. @throws SwarmError SW506 if it is not installed */
  library(): Promise<Library>;
}

/** @throws SwarmError SW611 where the kubeconfig cannot be read, or has no such context */
export async function connect({ kubeconfig, context }: Connection): Promise<Client> {
  const document = loadKubeconfig(kubeconfig, process.env);
  const connection =
    document === undefined && context === undefined
      ? inPod()
      : document && (await openConnection(document, { context }));
  if (connection === undefined) throw noKubeconfig(process.env);
  let library: Promise<Library> | undefined;
  return {
    api: openApi(connection),
    library() {
      library ??= loadLibrary(document, context, "exec in pods");
      return library;
    },
  };
}

function inPod() {
  try {
    return connectInPod(process.env);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SwarmError("SW611", `there is no kubeconfig, and no account of a pod: ${reason}`, { cause: error });
  }
}

const clients = new Map<string, Promise<Client>>();

/**
 * Shares one client for each connection in this process. For processes of one operation, as it does not detect changes of
 * the kubeconfig file.
 */
export function connectOnce(connection: Connection): Promise<Client> {
  const key = JSON.stringify([connection.kubeconfig, connection.context]);
  const client = clients.get(key) ?? connect(connection);
  clients.set(key, client);
  return client;
}
