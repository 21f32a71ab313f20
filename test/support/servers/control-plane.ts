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

/** One control plane of a suite's own, as `useServer`. */
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

/** The control plane of the run, with a node whose pods are processes. A suite has namespaces of its own in it. */
export function useSharedControlPlane(): () => ControlPlaneClient {
  return useAvailable("control plane", async () => {
    const connection = inject("controlPlane");
    return isUnavailable(connection) ? connection : attachControlPlane(connection);
  });
}
