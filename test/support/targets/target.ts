import { randomBytes } from "node:crypto";
import { afterAll } from "vitest";
import type { TargetKind } from "../../../src/blueprint/model.ts";
import type { Driver } from "../../../src/drivers/driver.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Team, TeamOptions } from "./team.ts";

/** A stop request to an instance. */
export interface Stop {
  readonly instance: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Stops {
  end(): Promise<readonly Stop[]>;
}

export type OnFinished = (clean: () => Promise<void>) => void;

/** A separate home folder, and the clusters that `swarmctl` runs from it. */
export interface Home {
  readonly sandbox: Sandbox;
  driver(cluster: string): Promise<Driver>;
  /** Names of a cluster's running processes, containers or pods. */
  running(cluster: string): Promise<readonly string[]>;
  /** Names of all objects of a cluster, running or not. */
  remains(cluster: string): Promise<readonly string[]>;
  /** Collects stop requests from now on, on targets whose clusters have no events of them. */
  readonly stops?: (cluster: string) => Promise<Stops>;
  /** Kills the process of an instance without a request to the target. */
  kill(cluster: string, instance: string): Promise<void>;
  /** Removes everything of a cluster that runs, so that nothing restarts by itself. */
  wipe(cluster: string): Promise<void>;
  /** Address for instances of a server on this machine's loopback interface. */
  reachable(url: string): Promise<string>;
}

/** A target, for suites that run on every target. */
export interface Target {
  readonly name: Extract<TargetKind, "local" | "docker" | "kubernetes">;
  /** Path of Node.js for instances. */
  readonly node: string;
  /** Name of an instance on the target. */
  instance(cluster: string, agent: string, ordinal: number): string;
  /** Expected lines of the plan of a cluster with an agent "worker". */
  readonly planLines: (cluster: string) => { readonly grows: RegExp; readonly repairs: RegExp; readonly knows: RegExp };
  /** Creates a home folder; its processes and the folder are removed after the test. */
  home(onFinished: OnFinished, variables?: NodeJS.ProcessEnv): Home;
  /** Creates a cluster of one agent, "writer", without the engine. */
  team(onFinished: OnFinished, options?: TeamOptions): Promise<Team>;
}

/** Returns a unique name: suites share daemons and control planes concurrently. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(3).toString("hex")}`;
}

/** Creates one home folder for all tests of a `describe`. */
export function useHome(target: Target): () => Home {
  const cleaners: (() => Promise<void>)[] = [];
  let home: Home | undefined;
  afterAll(async () => {
    for (const clean of cleaners.reverse()) await clean();
  });
  return () => {
    home ??= target.home((clean) => cleaners.push(clean));
    return home;
  };
}
