import { join } from "node:path";
import type { Recipe } from "../../src/stacks/engine/recipe.ts";
import { ownProgram } from "../go-programs/recipe.ts";

const mebibyte = 1024 ** 2;

/** A node whose pods are processes of this machine: builds in 3 minutes on two cores. */
export const processNodeRecipe: Recipe = ownProgram({
  name: "process node",
  kind: "process-node",
  binary: "process-node",
  module: join(import.meta.dirname, "program"),
  target: "swarmstack.dev/tools/process-node/program",
  ldflags: "-s -w",
  needsBytes: { modules: 500 * mebibyte, packages: 600 * mebibyte },
});
