import { join } from "node:path";
import type { Recipe } from "../../src/stacks/engine/recipe.ts";
import { ownProgram, pinnedProgram } from "../go-programs/recipe.ts";

const mebibyte = 1024 ** 2;

const kubernetes = { gitVersion: "v1.36.3", gitMajor: "1", gitMinor: "36", gitTreeState: "clean" };

/** Clients refuse a server without a version. */
const versionFlags = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((module) =>
  Object.entries({ ...kubernetes, gitCommit: "v1.36.3", buildDate: "1970-01-01T00:00:00Z" }).map(
    ([name, value]) => `-X ${module}.${name}=${value}`,
  ),
);

/** etcd, API server, controller manager, scheduler and kubectl in one executable: builds in 7 minutes on two cores. */
export const serverRecipe: Recipe = ownProgram({
  name: "Kubernetes control plane",
  kind: "control-plane",
  binary: "control-plane",
  module: join(import.meta.dirname, "server"),
  target: "swarmstack.dev/tools/control-plane/server",
  ldflags: ["-s -w", ...versionFlags].join(" "),
  needsBytes: { modules: 1200 * mebibyte, packages: 1500 * mebibyte },
});

/** Simulates the kubelets of nodes. */
export const kwokRecipe: Recipe = pinnedProgram({
  name: "kwok",
  kind: "kwok",
  binary: "kwok",
  module: join(import.meta.dirname, "kwok"),
  target: "sigs.k8s.io/kwok/cmd/kwok",
  ldflags: "-s -w",
  needsBytes: { modules: 400 * mebibyte, packages: 400 * mebibyte },
});

/** Provisions nodes for unschedulable pods; kwok simulates the cloud's machines. */
export const karpenterRecipe: Recipe = pinnedProgram({
  name: "Karpenter",
  kind: "karpenter",
  binary: "karpenter",
  module: join(import.meta.dirname, "karpenter"),
  target: "sigs.k8s.io/karpenter/kwok",
  ldflags: "-s -w",
  needsBytes: { modules: 500 * mebibyte, packages: 600 * mebibyte },
});
