import { fileURLToPath } from "node:url";

/** The Pulumi project: one for all clusters; a stack is a cluster. */
export const project = "swarmstack";

/** The package's folder: Pulumi.yaml, plugins and shipped blueprints. */
export const packageRoot = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
