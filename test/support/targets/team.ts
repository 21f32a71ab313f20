import type { CheckpointManifest } from "../../../src/agent-api/checkpoints/manifest.ts";
import type { InstanceStatus } from "../../../src/agent-api/status.ts";
import { latestCheckpoint } from "../../../src/drivers/control/checkpoint-calls.ts";
import { addTask, showTask } from "../../../src/drivers/control/task-calls.ts";
import type { Driver } from "../../../src/drivers/driver.ts";
import { poll } from "../../../src/platform/wait.ts";

export interface TeamOptions {
  /** How many instances there are at first. Default 1. */
  readonly count?: number;
  /** A script of Node.js that instances run in place of the reference agent. */
  readonly script?: string;
  readonly stopTimeoutMs?: number;
}

/** A cluster of one agent, "writer", whose instances a target runs. What it runs ends with the test. */
export interface Team {
  readonly driver: Driver;
  /** Has so many instances started or stopped, and waits until that is so. */
  scale(count: number): Promise<void>;
  /** kill -9 of an instance's process. */
  kill(instance: string): Promise<void>;
  /** kill -9 of the one that serves the agent API and then of an instance; both are started again. */
  killWithApi(instance: string): Promise<void>;
}

export const writers = { agent: "writer" } as const;

/** As long as a pod may need to be started again on a machine with other work. */
const minuteMs = 60_000;

/** @throws Error when there is no answer in time, which is a minute. */
export async function eventually<T>(
  question: () => T | undefined | Promise<T | undefined>,
  deadlineMs = minuteMs,
): Promise<T> {
  const answer = await poll(question, { deadlineMs, intervalMs: 50 });
  if (answer === undefined) throw new Error(`not within ${deadlineMs} ms: ${question}`);
  return answer;
}

export async function instancesOf({ driver }: Team): Promise<readonly InstanceStatus[]> {
  return (await driver.status())?.agents.flatMap(({ instances }) => instances) ?? [];
}

/** Id of the instance of a team of one. */
export async function onlyInstance(team: Team): Promise<string> {
  const [first] = await instancesOf(team);
  if (first === undefined) throw new Error("the team has no instance");
  return first.id;
}

/** Waits until an instance is as described. */
export function untilInstance(
  team: Team,
  id: string,
  is: (instance: InstanceStatus) => boolean,
): Promise<InstanceStatus> {
  return eventually(async () => (await instancesOf(team)).find((instance) => instance.id === id && is(instance)));
}

export interface Payload {
  readonly skill: string;
  readonly text?: string;
  readonly ms?: number;
  readonly numbers?: readonly number[];
}

export async function give({ driver }: Team, payload: Payload): Promise<string> {
  return (await addTask(driver, { selector: writers, payload: { ...payload } })).id;
}

export async function untilDone(team: Team, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await eventually(async () => ((await showTask(team.driver, id)).state === "done" ? true : undefined));
  }
}

/** The latest checkpoint of an instance; undefined while there is none. */
export function checkpointOf({ driver }: Team, instance: string): Promise<CheckpointManifest | undefined> {
  return latestCheckpoint(driver, instance).catch(() => undefined);
}

/** What an instance writes from now on, also its last words. */
export function listen({ driver }: Team, instance: string, signal: AbortSignal): readonly string[] {
  const lines: string[] = [];
  void (async () => {
    for await (const line of driver.follow(instance, { signal, lines: 100 })) lines.push(line);
  })().catch(() => {});
  return lines;
}
