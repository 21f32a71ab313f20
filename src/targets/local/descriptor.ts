import type { TargetDescriptor } from "../descriptor.ts";

/** Processes of this machine. */
export const local: TargetDescriptor = {
  settings: ["redis"],
  kubernetes: false,
  images: undefined,
  egress: undefined,
  sharedVolume: true,
  gpus: undefined,
  location: { kind: "host" },
  // Its resources compare processes and files themselves.
  drifts: false,
  fastCounts: true,
  migrates: true,
  autoscaler: true,
  packages: [],
  plugins: [],
};
