import type { Operation } from "../plugin/support/stack.ts";
import type { Applied } from "./edit.ts";

/** A replacement consists of three steps. */
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

/** The sorted effects of the engine's operations on a cluster; names are relative to the cluster's. */
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
  return told.includes(desired)
    ? told.filter((line) => line !== desired)
    : ["leave the desired state unchanged", ...told];
}

function shorten(name: string, cluster: string): string {
  return name.startsWith(`${cluster}-`) ? name.slice(cluster.length + 1).replace(/^-/, "") : name;
}
