import type { Command } from "commander";

/** A command of swarmctl, with what the list of commands shows of it. Its module is loaded when the command is used. */
export interface CommandEntry {
  readonly name: string;
  readonly description: string;
  readonly load: () => Promise<Command>;
}

/** The commands in the order of the help text. */
export const commandEntries: readonly CommandEntry[] = [
  {
    name: "quickstart",
    description: "start the marketing blueprint on this machine and show its agents",
    load: async () => (await import("./commands/quickstart.ts")).quickstartCommand(),
  },
  {
    name: "up",
    description: "create a cluster from a blueprint, or update a running one",
    load: async () => (await import("./commands/up.ts")).upCommand(),
  },
  {
    name: "plan",
    description: "show what `up` would change; exit status 0 no change, 2 changes, 1 error",
    load: async () => (await import("./commands/plan.ts")).planCommand(),
  },
  {
    name: "status",
    description: "show the desired and running instances of one or all clusters",
    load: async () => (await import("./commands/status.ts")).statusCommand(),
  },
  {
    name: "describe",
    description: "show all that is known of a cluster, agent, instance, operation or task",
    load: async () => (await import("./commands/describe.ts")).describeCommand(),
  },
  {
    name: "agents",
    description: "list the instances of a cluster",
    load: async () => (await import("./commands/agents.ts")).agentsCommand(),
  },
  {
    name: "top",
    description: "show CPU, memory and tasks of each instance, live",
    load: async () => (await import("./commands/top.ts")).topCommand(),
  },
  {
    name: "logs",
    description: "show the last log lines of an instance, or of all instances of an agent",
    load: async () => (await import("./commands/logs.ts")).logsCommand(),
  },
  {
    name: "task",
    description: "manage tasks: add, list, show, cancel, requeue, purge",
    load: async () => (await import("./commands/task.ts")).taskCommand(),
  },
  {
    name: "exec",
    description: "run a command in the environment and folder of an instance; exits with its status",
    load: async () => (await import("./commands/exec.ts")).execCommand(),
  },
  {
    name: "events",
    description: "show the events of a cluster: instances, health, tasks",
    load: async () => (await import("./commands/events.ts")).eventsCommand(),
  },
  {
    name: "use",
    description: "choose the cluster of the commands that name none",
    load: async () => (await import("./commands/use.ts")).useCommand(),
  },
  {
    name: "memory",
    description: "manage the shared memory of a cluster: list, get, delete",
    load: async () => (await import("./commands/memory.ts")).memoryCommand(),
  },
  {
    name: "checkpoint",
    description: "manage the saved states of instances: list, restore",
    load: async () => (await import("./commands/checkpoint.ts")).checkpointCommand(),
  },
  {
    name: "wait",
    description: "wait for a state of a cluster, instance, operation or task",
    load: async () => (await import("./commands/wait.ts")).waitCommand(),
  },
  {
    name: "scale",
    description: "change the size of a cluster; removed instances finish their task first",
    load: async () => (await import("./commands/scale.ts")).scaleCommand(),
  },
  {
    name: "autoscaler",
    description: "scale clusters by their rules (scaling), until it is stopped",
    load: async () => (await import("./commands/autoscaler.ts")).autoscalerCommand(),
  },
  {
    name: "autoscale",
    description: "manage automatic scaling: status, why, eval, pause, resume, force",
    load: async () => (await import("./commands/autoscale.ts")).autoscaleCommand(),
  },
  {
    name: "restart",
    description: "restart instances one after another, with their state",
    load: async () => (await import("./commands/restart.ts")).restartCommand(),
  },
  {
    name: "hibernate",
    description: "save the state of all agents of a cluster and stop them",
    load: async () => (await import("./commands/hibernate.ts")).hibernateCommand(),
  },
  {
    name: "reactivate",
    description: "restart a hibernated cluster with its previous state and replicas",
    load: async () => (await import("./commands/hibernate.ts")).reactivateCommand(),
  },
  {
    name: "autostop",
    description: "set when a cluster hibernates by itself",
    load: async () => (await import("./commands/autostop.ts")).autostopCommand(),
  },
  {
    name: "migrate",
    description: "migrate a cluster to another target, with the state and tasks of its agents",
    load: async () => (await import("./commands/migrate.ts")).migrateCommand(),
  },
  {
    name: "gc",
    description:
      "reconcile all clusters once: hibernate, reactivate and destroy by their lifetime rules (idle_timeout, sleep, wake, ttl)",
    load: async () => (await import("./commands/gc.ts")).gcCommand(),
  },
  {
    name: "watch",
    description:
      "reconcile clusters continuously by their lifetime rules (idle_timeout, sleep, wake, ttl), and scale them by theirs",
    load: async () => (await import("./commands/watch.ts")).watchCommand(),
  },
  {
    name: "env",
    description: "manage environments for CI, clusters that expire: up, plan, list, down",
    load: async () => (await import("./commands/env.ts")).envCommand(),
  },
  {
    name: "ops",
    description: "manage operations on clusters: list, show, follow, resume, rollback, cancel, logs",
    load: async () => (await import("./commands/ops.ts")).opsCommand(),
  },
  {
    name: "destroy",
    description: "remove a cluster; archive its blueprint, record and the last state of its agents",
    load: async () => (await import("./commands/destroy.ts")).destroyCommand(),
  },
  {
    name: "down",
    description: "remove a cluster without an archive: destroy --purge",
    load: async () => (await import("./commands/destroy.ts")).downCommand(),
  },
  {
    name: "blueprint",
    description: "write and check blueprints: validate, fmt, init, compile, explain, schema",
    load: async () => (await import("./commands/blueprint.ts")).blueprintCommand(),
  },
  {
    name: "agent-server",
    description: "serve the agent API of one cluster whose agents are not run by a local supervisor",
    load: async () => (await import("./commands/agent-server.ts")).agentServerCommand(),
  },
  {
    name: "images",
    description: "build the images of the built-in agent and the egress proxy; no registry provides them",
    load: async () => (await import("./commands/images.ts")).imagesCommand(),
  },
  {
    name: "doctor",
    description:
      "check the requirements on this machine: Node, engine, language host, Go, cache, state backend, folders, passphrase, environment",
    load: async () => (await import("./commands/doctor.ts")).doctorCommand(),
  },
  {
    name: "init",
    description: "prepare a Pulumi project for AgentCluster",
    load: async () => (await import("./commands/init.ts")).initCommand(),
  },
  {
    name: "pulumi",
    description: "run the engine's command line, configured for swarmstack, in the project of the nearest Pulumi.yaml",
    load: async () => (await import("./commands/pulumi.ts")).pulumiCommand(),
  },
  {
    name: "shellenv",
    description: "print environment variables with which a bare `pulumi` uses the same stacks",
    load: async () => (await import("./commands/shellenv.ts")).shellenvCommand(),
  },
  {
    name: "version",
    description: "print the versions of swarmstack and Node.js",
    load: async () => (await import("./commands/version.ts")).versionCommand(),
  },
  {
    name: "completion",
    description: "print the completion script for a shell",
    load: async () => (await import("./commands/completion.ts")).completionCommand(),
  },
];
