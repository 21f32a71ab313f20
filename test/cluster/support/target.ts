import { afterAll } from "vitest";
import type { TargetKind } from "../../../src/blueprint/model.ts";
import type { Driver } from "../../../src/runtime/drivers/driver.ts";
import type { Sandbox } from "../../support/sandbox.ts";

/** An instance was told to end. */
export interface Stop {
  readonly instance: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Stops {
  end(): Promise<readonly Stop[]>;
}

/** A home folder of its own, and the clusters that `swarmctl` runs from it. */
export interface Home {
  readonly sandbox: Sandbox;
  driver(cluster: string): Promise<Driver>;
  /** What of a cluster runs now, by whatever the target calls it: processes, containers. */
  running(cluster: string): Promise<readonly string[]>;
  /** What of a cluster is there, whether it runs or not. */
  remains(cluster: string): Promise<readonly string[]>;
  /** The instances that are told to end from now on, where the cluster's own events do not tell of them. */
  readonly stops?: (cluster: string) => Promise<Stops>;
  /** Kills the process of an instance; the target is told nothing. */
  kill(cluster: string, instance: string): Promise<void>;
  /** Takes away all that runs of a cluster, so that nothing of it comes back by itself. */
  wipe(cluster: string): Promise<void>;
  /** Where instances reach a server that listens on this machine's loopback interface. */
  reachable(url: string): Promise<string>;
}

/** Where clusters run, for suites that have to hold on each. */
export interface ClusterTarget {
  readonly name: Extract<TargetKind, "local" | "docker">;
  /** The Node.js of instances. */
  readonly node: string;
  /** Lines of a plan. */
  readonly words: { readonly grows: RegExp; readonly repairs: RegExp; readonly knows: RegExp };
  /** What runs from it ends, and the folder goes, when the test has finished. */
  home(onFinished: (clean: () => Promise<void>) => void, variables?: NodeJS.ProcessEnv): Home;
}

/** One home for all tests of a `describe`. */
export function useHome(target: ClusterTarget): () => Home {
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
