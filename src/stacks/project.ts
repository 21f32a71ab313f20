import { fileURLToPath } from "node:url";

/** The Pulumi project: one for all clusters; a stack is a cluster. */
export const project = "swarmstack";

/** The folder with Pulumi.yaml, the plugins and the blueprints that ship. */
export const packageRoot = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
