import { randomBytes } from "node:crypto";
import { afterAll } from "vitest";
import type { TargetKind } from "../../../src/blueprint/model.ts";
import type { Driver } from "../../../src/drivers/driver.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Team, TeamOptions } from "./team.ts";

/** An instance was told to end. */
export interface Stop {
  readonly instance: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Stops {
  end(): Promise<readonly Stop[]>;
}

export type OnFinished = (clean: () => Promise<void>) => void;

/** A home folder of its own, and the clusters that `swarmctl` runs from it. */
export interface Home {
  readonly sandbox: Sandbox;
  driver(cluster: string): Promise<Driver>;
  /** What of a cluster runs now, by whatever the target calls it: processes, containers, pods. */
  running(cluster: string): Promise<readonly string[]>;
  /** What of a cluster is there, whether it runs or not. */
  remains(cluster: string): Promise<readonly string[]>;
  /** The instances that are told to end from now on, where the cluster's own events do not tell of them. */
  readonly stops?: (cluster: string) => Promise<Stops>;
  /** Kills the process of an instance; the target is told nothing. */
  kill(cluster: string, instance: string): Promise<void>;
  /** Removes all that runs of a cluster, so that nothing of it comes back by itself. */
  wipe(cluster: string): Promise<void>;
  /** Where instances reach a server that listens on this machine's loopback interface. */
  reachable(url: string): Promise<string>;
}

/** Where clusters run, for suites that have to hold on each target. */
export interface Target {
  readonly name: Extract<TargetKind, "local" | "docker" | "kubernetes">;
  /** The Node.js of instances. */
  readonly node: string;
  /** What the target calls an instance. */
  instance(cluster: string, agent: string, ordinal: number): string;
  /** Lines of a plan of a cluster with an agent "worker". */
  readonly planLines: (cluster: string) => { readonly grows: RegExp; readonly repairs: RegExp; readonly knows: RegExp };
  /** What runs from it ends, and the folder goes, when the test has finished. */
  home(onFinished: OnFinished, variables?: NodeJS.ProcessEnv): Home;
  /** A cluster of one agent, "writer", made without the engine. */
  team(onFinished: OnFinished, options?: TeamOptions): Promise<Team>;
}

/** A name that no other suite uses: several share a daemon or a control plane, also at the same time. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(3).toString("hex")}`;
}

/** One home for all tests of a `describe`. */
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
