import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { parseAllDocuments } from "yaml";
import { downloadModule } from "../go-programs/download.ts";
import type { Unavailable } from "../services/service.ts";

/** Projects with CRDs, and the paths of their files in the Go modules pinned by crds/go.mod. */
const sources = {
  cilium: { module: "github.com/cilium/cilium", folders: ["pkg/k8s/apis/cilium.io/client/crds/v2"] },
  karpenter: { module: "sigs.k8s.io/karpenter", folders: ["pkg/apis/crds", "kwok/apis/crds"] },
  keda: { module: "github.com/kedacore/keda/v2", folders: ["config/crd/bases"] },
} as const;

export type CrdSource = keyof typeof sources;

/** The CustomResourceDefinitions of a project, or why they are unavailable. */
export async function crdsOf(source: CrdSource): Promise<readonly KubernetesObject[] | Unavailable> {
  const { module, folders } = sources[source];
  const root = await downloadModule(join(import.meta.dirname, "crds"), module);
  if (typeof root !== "string") return root;
  return folders
    .flatMap((folder) => filesOf(join(root, folder)))
    .flatMap((path) => parseAllDocuments(readFileSync(path, "utf8")).map((document) => document.toJS()));
}

function filesOf(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return names.map((name) => join(folder, name));
}
