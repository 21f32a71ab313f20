import { type Api, openApi } from "../../../control-plane/api.ts";
import { type ApiConnection, connectInPod, openConnection } from "../../../control-plane/connection.ts";
import { type Choice, noKubeconfig } from "../../../control-plane/context.ts";
import { Unreachable } from "../../../control-plane/failure.ts";
import type { Environment, KubeconfigDocument } from "../../../control-plane/kubeconfig.ts";
import { SwarmError } from "../../../errors.ts";
import { unreachable } from "./failures.ts";

/** A kubeconfig, none, or why it cannot be read. */
export type FoundKubeconfig = KubeconfigDocument | SwarmError | undefined;

/**
 * API client that connects on its first request: previews and unchanged updates need no server.
 *
 * @throws Unreachable with the official provider's wording
 */
export function openLazyApi(found: FoundKubeconfig, choice: Choice, env: Environment): Api {
  let opened: Promise<Api> | undefined;

  async function telling<Result>(act: (api: Api) => Promise<Result>): Promise<Result> {
    opened ??= open(found, choice, env);
    try {
      return await act(await opened);
    } catch (error) {
      if (error instanceof Unreachable) throw unreachable(error.detail);
      throw error;
    }
  }

  return {
    request: (request) => telling((api) => api.request(request)),
    stream: (request) => telling((api) => api.stream(request)),
  };
}

async function open(found: FoundKubeconfig, choice: Choice, env: Environment): Promise<Api> {
  let connection: ApiConnection | undefined;
  try {
    if (found instanceof SwarmError) throw found;
    connection = found === undefined ? connectInPod(env) : await openConnection(found, choice);
    if (connection === undefined) throw noKubeconfig(env);
  } catch (error) {
    throw unreachable(error instanceof Error ? error.message : String(error));
  }
  return openApi(connection);
}
