import provider from "@pulumi/pulumi/proto/provider_pb.js";
import type { ChangeKind, DiffResult } from "./resource.ts";

const { Kind } = provider.PropertyDiff;

const kinds: Readonly<Record<ChangeKind, provider.PropertyDiff.Kind>> = {
  add: Kind.ADD,
  "add-replace": Kind.ADD_REPLACE,
  delete: Kind.DELETE,
  "delete-replace": Kind.DELETE_REPLACE,
  update: Kind.UPDATE,
  "update-replace": Kind.UPDATE_REPLACE,
};

export function diffResponse({ changes, deleteBeforeReplace = false }: DiffResult): provider.DiffResponse {
  const paths = Object.keys(changes);
  const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
  const response = new provider.DiffResponse()
    .setChanges(paths.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList(paths)
    .setReplacesList(paths.filter((path) => changes[path]?.endsWith("-replace")))
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  for (const [path, kind] of Object.entries(changes)) {
    // Deleted properties exist only in the old inputs.
    const detail = new provider.PropertyDiff().setKind(kinds[kind]).setInputdiff(kind.startsWith("delete"));
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}
