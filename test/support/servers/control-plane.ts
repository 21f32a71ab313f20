import { inject } from "vitest";
import {
  attachControlPlane,
  type ControlPlane,
  type ControlPlaneClient,
  type ControlPlaneOptions,
  startControlPlane,
} from "../../../tools/control-plane/control-plane.ts";
import type { Unavailable } from "../../../tools/services/service.ts";
import { toldNowAndThen } from "../told.ts";
import { isUnavailable } from "./required.ts";
import { useAvailable, useServer } from "./use-server.ts";

/** Starts a separate control plane for a suite, as `useServer` does. */
export function useControlPlane(
  options: ControlPlaneOptions = {},
  prepare?: (plane: ControlPlane) => Promise<Unavailable | undefined>,
): () => ControlPlane {
  return useServer(
    "control plane",
    () => startControlPlane({ onProgress: toldNowAndThen("control plane"), ...options }),
    prepare,
  );
}

/** Uses the run's control plane with a node whose pods are processes; suites need separate namespaces. */
export function useSharedControlPlane(): () => ControlPlaneClient {
  return useAvailable("control plane", async () => {
    const connection = inject("controlPlane");
    return isUnavailable(connection) ? connection : attachControlPlane(connection);
  });
}
