import {
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
} from "../../tools/control-plane/control-plane.ts";
import type { Unavailable } from "../../tools/services/service.ts";
import { toldNowAndThen } from "./told.ts";
import { useServer } from "./use-server.ts";

/** One control plane, as `useServer`. */
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
