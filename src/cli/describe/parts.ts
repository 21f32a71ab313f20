import type { TaskView } from "../../agent-api/control/task-wire.ts";
import { parseBlueprint } from "../../blueprint/parse.ts";
import { listSavedStates } from "../../drivers/control/checkpoint-calls.ts";
import { countTasks, showTask } from "../../drivers/control/task-calls.ts";
import type { AgentStatus, Driver } from "../../drivers/driver.ts";
import { listRows, showOperation } from "../../lifecycle/records/journal.ts";
import { readLog } from "../../lifecycle/records/log.ts";
import { agentRows } from "../clusters.ts";
import { agentTable } from "../commands/agents.ts";
import type { Context } from "../context.ts";
import { duration } from "../output.ts";
import { type Described, eventRows, eventsHead, iso, messageOf, recentEvents } from "./described.ts";

/** Describes an agent: its blueprint, its instances and its tasks. */
export async function describeAgent(
  { settings, signal }: Context,
  driver: Driver,
  cluster: string,
  agent: AgentStatus,
): Promise<Described> {
  const ids = new Set<unknown>(agent.instances.map(({ id }) => id));
  const events = await recentEvents(
    driver,
    ({ instance, agent: of }) => ids.has(instance) || of === agent.agent,
    signal,
  );
  const tasks = (await countTasks(driver, signal)).bySelector[`agent:${agent.agent}`];
  const text = (await listRows(settings)).get(cluster)?.blueprintText;
  const planned =
    text == null
      ? undefined
      : parseBlueprint(text, { file: "" }).blueprint?.agents.find(({ key }) => key === agent.agent);
  const rows = agentRows(cluster, { api: undefined, agents: [agent] });
  const lastError = agent.instances.find(({ state, reason }) => state !== "running" && reason !== undefined);
  return {
    value: {
      ...{ kind: "agent", cluster, agent: agent.agent, name: agent.name, role: agent.role, running: agent.running },
      ...{ capabilities: planned?.capabilities, replicas: planned?.count, reportsTo: planned?.reportsTo },
      ...{ terminationGracePeriodMs: planned?.drainMs, state: planned?.state, command: planned?.command },
      ...{ instances: agent.instances, tasks, events },
      lastError: lastError && { instance: lastError.id, message: lastError.reason },
    },
    sections: [
      {
        facts: [
          ["Agent", agent.agent],
          ["Cluster", cluster],
          ["Name", agent.name],
          ["Role", agent.role],
          ["Reports to", planned?.reportsTo],
          ["Capabilities", planned?.capabilities.join(", ")],
          ["Replicas", planned && `${planned.count.min} to ${planned.count.max}`],
          ["Running", agent.running],
          ["Command", planned?.command?.join(" ")],
          ["Grace period", planned && duration(planned.drainMs)],
          ["State", planned && (planned.state === undefined ? "none" : planned.state.path)],
          [
            "Tasks",
            tasks &&
              Object.entries(tasks)
                .map(([state, count]) => `${count} ${state}`)
                .join(", "),
          ],
          ["Last error", lastError && `${lastError.id}: ${lastError.reason}`],
        ],
      },
      { title: "Instances", text: agentTable(rows) },
      { title: "Events", head: eventsHead, rows: eventRows(events) },
    ],
  };
}

/** Describes an instance: its process, its registration, its saved states and its tasks. */
export async function describeInstance(
  { signal }: Context,
  driver: Driver,
  cluster: string,
  { agent, instance: id }: { readonly agent: AgentStatus; readonly instance: string },
): Promise<Described> {
  const instance = agent.instances.find((one) => one.id === id);
  const events = await recentEvents(driver, (event) => event.instance === id, signal);
  const saved = (await listSavedStates(driver, signal)).filter((state) => state.instance === id);
  return {
    value: { kind: "instance", cluster, agent: agent.agent, role: agent.role, ...instance, saved, events },
    sections: [
      {
        facts: [
          ["Instance", id],
          ["Cluster", cluster],
          ["Agent", `${agent.agent} (${agent.name}, ${agent.role})`],
          ["State", instance?.state],
          ["Health", instance?.health],
          ["Process", instance?.pid],
          ["Node", instance?.node],
          ["Started", instance?.startedAt],
          ["Restarts", instance?.restarts],
          ["Epoch", instance?.epoch],
          ["Directive", instance?.order],
          ["Silent for", instance?.silentMs === undefined ? undefined : duration(instance.silentMs)],
          ["CPU", instance?.cpu === undefined ? undefined : `${Math.round(instance.cpu * 100)}%`],
          [
            "Memory",
            instance?.memoryBytes === undefined ? undefined : `${Math.round(instance.memoryBytes / 1024 / 1024)}Mi`,
          ],
          ["Open tasks", instance?.tasks?.join(", ")],
          ["Tasks a minute", instance?.tasksPerMinute],
          ["Failed tasks", instance?.errors],
          ["Last error", instance?.reason],
        ],
      },
      {
        title: "Saved states",
        head: ["HASH", "SAVED", "BYTES"],
        rows: saved.map(({ root, savedAtMs, bytes }) => [root.slice(0, 12), iso(savedAtMs), bytes]),
      },
      { title: "Events", head: eventsHead, rows: eventRows(events) },
    ],
  };
}

/** Describes a task. @throws SwarmError SW715 when it does not exist */
export async function describeTask(
  { signal }: Context,
  driver: Driver,
  cluster: string,
  id: string,
): Promise<Described> {
  const task: TaskView = await showTask(driver, id, signal);
  const events = await recentEvents(driver, (event) => event.task === id, signal);
  const { selector, result, holder } = task;
  return {
    value: { kind: "task", cluster, ...task, events },
    sections: [
      {
        facts: [
          ["Task", id],
          ["Cluster", cluster],
          ["State", task.state],
          ["For", Object.entries(selector).map(([kind, name]) => `${kind} ${name}`)[0]],
          ["Priority", task.priority],
          ["Attempt", `${task.attempt} of ${task.maxAttempts}`],
          ["Added", iso(task.createdAt)],
          ["Available", task.state === "waiting" ? iso(task.availableAt) : undefined],
          ["Deadline", task.deadlineAt === undefined ? undefined : iso(task.deadlineAt)],
          ["Ended", task.finishedAt === undefined ? undefined : iso(task.finishedAt)],
          ["Instance", result?.instance ?? (holder && `${holder.instance} until ${iso(holder.until)}`)],
          ["Key", task.idempotencyKey],
          ["Payload", JSON.stringify(task.payload)],
          ["Result", result && JSON.stringify(result.value)],
          ["Last error", task.error],
          ["Dead", task.death],
        ],
      },
      { title: "Events", head: eventsHead, rows: eventRows(events) },
    ],
  };
}

const mostLines = 10;

/** Describes an operation of the journal. @throws SwarmError SW622 for an unknown id */
export async function describeOperation({ settings }: Context, id: string): Promise<Described> {
  const operation = await showOperation(settings, id);
  const { kind, cluster, status, actor, reason, createdAt, endedAt, error, steps } = operation;
  const log = (await readLog(settings.home, id))
    .slice(-mostLines)
    .map((line) => JSON.parse(line) as { at: string; type: string });
  return {
    value: { ...operation, kind: "operation", operation: kind, events: log, lastError: error },
    sections: [
      {
        facts: [
          ["Operation", id],
          ["Kind", kind],
          ["Cluster", cluster],
          ["Status", status],
          ["Actor", actor],
          ["Reason", reason],
          ["Started", iso(createdAt)],
          ["Ended", endedAt === null ? undefined : `${iso(endedAt)} (after ${duration(endedAt - createdAt)})`],
          ["Last error", messageOf(error)],
        ],
      },
      {
        title: "Steps",
        head: ["STEP", "STATUS", "STARTED", "DURATION"],
        rows: steps.map(({ name, status: of, startedAt, endedAt: end }) => [
          ...[name, of, iso(startedAt), end === null ? "-" : duration(end - startedAt)],
        ]),
      },
      {
        title: "Events",
        head: ["TIME", "EVENT", "DETAILS"],
        rows: log.map(({ at, type, ...details }) => [at, type, JSON.stringify(details)]),
      },
    ],
  };
}
