import type { Machine } from "../machine.ts";
import type { Environment } from "../model.ts";

/** A row of `swarmctl doctor`. */
export interface DoctorRow {
  readonly check: string;
  /** `warn`: works, after a wait or with a restriction. */
  readonly status: "ok" | "warn" | "fail";
  readonly detail: string;
  /** What to do about it. */
  readonly hint?: string;
}

export interface CheckContext {
  readonly env: Environment;
  readonly machine: Machine;
  /** Where stacks are kept, such as "file:///home/me/state"; PULUMI_BACKEND_URL when left out. */
  readonly backendUrl?: string;
}

export type Check = (context: CheckContext) => Promise<DoctorRow | undefined>;
