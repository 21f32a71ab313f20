import { beforeAll, beforeEach } from "vitest";
import type { ControlPlane } from "../../../tools/control-plane/control-plane.ts";
import {
  isProcessNode,
  type ProcessNode,
  type ProcessNodeOptions,
  startProcessNode,
} from "../../../tools/process-node/process-node.ts";
import type { Unavailable } from "../../../tools/services/service.ts";

/** Starts nodes whose pods are processes for all tests of a file; skips them with the reason if that is not possible. */
export function useProcessNode(plane: () => ControlPlane, options: ProcessNodeOptions): () => ProcessNode {
  let started: ProcessNode | Unavailable | undefined;
  beforeAll(async () => {
    started = await startProcessNode(plane(), options);
  });
  beforeEach(({ skip }) => {
    if (started !== undefined && !isProcessNode(started)) skip(started.unavailable);
  });
  return () => {
    if (started === undefined || !isProcessNode(started))
      throw new Error("the process node is available only within a test");
    return started;
  };
}
