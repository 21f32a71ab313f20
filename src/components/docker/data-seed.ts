import { images as builtin } from "../../plan/images.ts";
import type { Images } from "./images.ts";
import { type DockerScope, labelsOf } from "./scope.ts";

/**
 * A container that never starts: docker copies files into it and its volumes at creation, which it does for no volume alone, nor for a
 * container whose disk is read-only.
 */
export function dataSeed({ plan }: DockerScope, name: string, images: Images) {
  return {
    name,
    image: images(builtin.agent),
    start: false,
    mustRun: false,
    networkMode: "none",
    labels: labelsOf(plan),
  };
}
