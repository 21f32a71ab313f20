import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** A machine: by its id where the system has one, else by its name. */
export interface Host {
  readonly name: string;
  /** /etc/machine-id; "" where there is none. */
  readonly id: string;
}

export function thisHost(): Host {
  return { name: hostname(), id: machineId() };
}

/** Ids decide where both are known, because a laptop's name changes with its network. */
export function sameHost(a: Host, b: Host): boolean {
  return a.id !== "" && b.id !== "" ? a.id === b.id : a.name === b.name;
}

function machineId(): string {
  try {
    return readFileSync("/etc/machine-id", "utf8").trim();
  } catch {
    return "";
  }
}
