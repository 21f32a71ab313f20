import type { Operation } from "../plugin/support/stack.ts";
import type { Applied } from "./edit.ts";

/** A replacement is told in three steps. */
const words: Readonly<Record<string, string>> = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "",
  "delete-replaced": "",
  same: "",
  refresh: "",
  read: "",
};

/** What the operations of an engine do to a cluster, sorted; names are without the cluster's. */
export function effectOn(cluster: string, operations: readonly Operation[]): Applied["does"] {
  const told = operations
    .filter(({ parent }) => parent === cluster)
    .flatMap(({ op, type, name }) => {
      const word = words[op] ?? op;
      return word === "" ? [] : [`${word} ${type.split(":").at(-1)} ${shorten(name, cluster)}`];
    })
    .sort();
  const desired = "update Desired desired";
  if (told.length === 0) return "the same blueprint";
  return told.includes(desired) ? told.filter((line) => line !== desired) : ["leave the wish as it was", ...told];
}

function shorten(name: string, cluster: string): string {
  return name.startsWith(`${cluster}-`) ? name.slice(cluster.length + 1).replace(/^-/, "") : name;
}
