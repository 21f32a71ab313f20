import type { CheckpointManifest } from "../../../src/agent-api/checkpoints/manifest.ts";
import type { InstanceStatus } from "../../../src/agent-api/status.ts";
import { latestCheckpoint } from "../../../src/drivers/control/checkpoint-calls.ts";
import { addTask, showTask } from "../../../src/drivers/control/task-calls.ts";
import type { Driver } from "../../../src/drivers/driver.ts";
import { poll } from "../../../src/platform/wait.ts";

export interface TeamOptions {
  /** Initial number of instances. Default: 1. */
  readonly count?: number;
  /** Node.js script of the instances, instead of the reference agent. */
  readonly script?: string;
  readonly stopTimeoutMs?: number;
}

/** A cluster of one agent, "writer", on a target; removed after the test. */
export interface Team {
  readonly driver: Driver;
  /** Scales to a number of instances and waits for it. */
  scale(count: number): Promise<void>;
  /** Kills the process of an instance with -9. */
  kill(instance: string): Promise<void>;
  /** Kills the agent server and then an instance with -9; both restart. */
  killWithApi(instance: string): Promise<void>;
}

export const writers = { agent: "writer" } as const;

/** Maximum restart time of a pod on a busy machine. */
const minuteMs = 60_000;

/** Polls until there is an answer. @throws Error after a minute */
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

/** Id of the only instance of a team. */
export async function onlyInstance(team: Team): Promise<string> {
  const [first] = await instancesOf(team);
  if (first === undefined) throw new Error("the team has no instance");
  return first.id;
}

/** Waits until an instance matches a description. */
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

/** Latest checkpoint of an instance; undefined without one. */
export function checkpointOf({ driver }: Team, instance: string): Promise<CheckpointManifest | undefined> {
  return latestCheckpoint(driver, instance).catch(() => undefined);
}

/** Collects the output of an instance from now on until its end. */
export function listen({ driver }: Team, instance: string, signal: AbortSignal): readonly string[] {
  const lines: string[] = [];
  void (async () => {
    for await (const line of driver.follow(instance, { signal, lines: 100 })) lines.push(line);
  })().catch(() => {});
  return lines;
}
