import { capabilities } from "../../names.ts";
import { stringProblem } from "../../platform/process-limits.ts";
import { roles } from "../model.ts";
import { anyMap, list, mapOf } from "../shape/collections.ts";
import { object } from "../shape/object.ts";
import { choice, number, text, verbatim } from "../shape/scalars.ts";
import { optional, required } from "../shape/shape.ts";
import { limits } from "../source/limits.ts";
import type { Path } from "../source/tree.ts";
import { scaling } from "./scaling.ts";
import { variableName } from "./secrets.ts";
import { bytes, cpu, image, range, timedDuration } from "./values.ts";

const capability = text({
  what: `a capability: one line of at most ${capabilities.maxLength} characters without a space at its ends`,
  pattern: capabilities.pattern,
  maxLength: capabilities.maxLength,
  normal: (written) => written.normalize("NFC"),
  near: (written) => written.normalize("NFC").replace(/\s+/g, " ").trim(),
});

const resources = object({
  cpu: optional(cpu, "CPU of one instance: cores, or thousandths (500m)."),
  memory: optional(bytes, "Memory of one instance."),
  gpu: optional(
    number({ min: 0, max: 1024, integer: true, expected: "a whole number from 0" }),
    "GPUs of one instance, or slices of gpu_profile.",
    "0",
  ),
  gpu_pool: optional(text({ what: "the name of a GPU pool" }), "GPU pool of the instances.", "the only pool"),
  gpu_profile: optional(
    text({ what: "a MIG profile such as 1g.10gb" }),
    "MIG profile of the slices.",
    "the pool's profile",
  ),
});

const environment = mapOf(
  verbatim((value, path) => stringProblem(`${String(path.at(-1))}=${value}`)),
  { name: variableName },
);

function argumentProblem(written: string, path: Path): string | undefined {
  return written === "" && path.at(-1) === 0 ? "a command begins with a program" : stringProblem(written);
}

function labelProblem(written: string): string | undefined {
  return written.includes("\0") ? "it contains a NUL character" : undefined;
}

const queue = object({
  stream: required(text({ what: "the key of a Redis stream" }), "Redis stream with the agent's tasks."),
  group: optional(text({ what: "the name of a consumer group" }), "Consumer group.", "the agent's key"),
});

const state = object({
  size: required(bytes, "Size of one instance's state."),
  path: required(text({ what: "an absolute path", pattern: /^\/[^\0]*$/ }), "Path at which the state is mounted."),
});

export const agent = object(
  {
    role: required(choice(roles), "Level in the hierarchy."),
    name: required(text({ what: "a name", maxLength: 256 }), "Name, unique in the blueprint."),
    count: optional(range, "Number of instances: fixed (3), or a range (0-5) for scaling.", "1"),
    capabilities: optional(
      list(capability, { unique: true, max: capabilities.maxCount }),
      "Capabilities of the agent, by which tasks can select it.",
    ),
    reports_to: optional(
      text({ what: "a role or an agent's name" }),
      "Agent that it reports to: a role, or an agent's name. Required except for the root.",
    ),
    model: optional(text({ what: "the name of a model" }), "Passed to the agent."),
    config: optional(anyMap(), "Passed to the agent unchanged."),
    labels: optional(mapOf(verbatim(labelProblem)), "Passed to the agent."),
    timeout: optional(timedDuration, "Time limit for one task; passed to the agent."),
    image: optional(image, "Container image: a name, or a folder to build.", "the built-in agent"),
    command: optional(
      list(verbatim(argumentProblem), { filled: "the command" }),
      "Command and its arguments.",
      "the image's command",
    ),
    env: optional(environment, "Environment variables. No secrets."),
    resources: optional(resources, "Resources of one instance."),
    secrets: optional(
      list(text({ what: "the name of a secret" }), { unique: true }),
      "Names of secrets; the agent receives each as an environment variable.",
    ),
    queue: optional(queue, "Source of tasks."),
    scaling: optional(scaling, "Overrides the cluster's scaling, key by key."),
    state: optional(state, "State that survives a restart."),
    scale_in: optional(
      choice(["any", "last"]),
      "Which instance a scale-in removes: any idle one, or the last one first.",
      "any",
    ),
    start_period: optional(
      timedDuration,
      "Time that a new instance must run without an exit to count as started; one that registers has started.",
      "5 seconds",
    ),
    drain: optional(timedDuration, "Time to finish work before an instance is stopped.", "30 seconds"),
    on_partition: optional(choice(["safe", "fast", "hold"]), "Behaviour while its site is not reachable.", "safe"),
  },
  { name: "the agent" },
);

export const agents = list(agent, { max: limits.agents, filled: "the list of agents" });

export const defaults = object(
  {
    image: optional(image, "Default image."),
    env: optional(environment, "Environment variables of all agents; an agent's own take precedence."),
    resources: optional(resources, "Resources of all agents; an agent's own take precedence, key by key."),
  },
  { name: "defaults" },
);
