import { Command } from "commander";
import { listNamed } from "../../lifecycle/records/cluster-names.ts";
import { parseEmbeddedName } from "../../stacks/embedded.ts";
import { chooseCluster } from "../choose-cluster.ts";
import { type ClusterOptions, namedCluster, withCluster } from "../cluster-option.ts";
import { withDriver } from "../clusters.ts";
import { type Context, createContext } from "../context.ts";
import { describeCluster } from "../describe/cluster.ts";
import type { Described } from "../describe/described.ts";
import { describeAgent, describeInstance, describeOperation, describeTask } from "../describe/parts.ts";
import { render } from "../describe/render.ts";
import { decideKind, parseSubject, type Subject } from "../describe/subject.ts";
import { examples } from "../examples.ts";

export function describeCommand(): Command {
  return withCluster(new Command("describe"), { embedded: true })
    .argument("[name...]", "a cluster, agent, instance, operation or task: NAME, KIND NAME or KIND/NAME")
    .addHelpText(
      "after",
      `${examples([
        "swarmctl describe marketing-v1",
        "swarmctl describe content-creator-0",
        "swarmctl describe agent content-creator --json",
        "swarmctl describe op-01m80kak1b98h5s99rbqp1pvph",
      ])}

A name without a kind is a cluster's, else an agent's or an instance's; ids of operations and tasks are recognised.`,
    )
    .action(async (words: string[], _options: ClusterOptions, command: Command) => {
      const options = command.optsWithGlobals<ClusterOptions>();
      const context = createContext(options);
      const { value, sections } = await describe(context, parseSubject(words), command);
      context.output.result(value, () => render(sections));
    });
}

async function describe(context: Context, { kind, name }: Subject, command: Command): Promise<Described> {
  if (kind === "operation" && name !== undefined) return describeOperation(context, name);
  if (name === undefined || kind === "cluster") {
    return describeCluster(context, name ?? (await chooseCluster(context, command)));
  }
  if (parseEmbeddedName(name) !== undefined) return describeCluster(context, name);
  if (kind === "task")
    return withDriver(context, namedCluster(command), (driver, cluster) =>
      describeTask(context, driver, cluster, name),
    );
  const clusters =
    kind === undefined ? (await listNamed(context.settings, context.engine)).map(({ cluster }) => cluster) : [];
  if (clusters.includes(name)) return describeCluster(context, name);
  return withDriver(context, namedCluster(command), async (driver, cluster) => {
    const agents = (await driver.status(context.signal))?.agents ?? [];
    const known = {
      clusters,
      agents: kind === "instance" ? [] : agents.map(({ agent }) => agent),
      instances: kind === "agent" ? [] : agents.flatMap(({ instances }) => instances.map(({ id }) => id)),
    };
    const isAgent = decideKind(name, known) === "agent";
    const agent = agents.find((one) => (isAgent ? one.agent === name : one.instances.some(({ id }) => id === name)));
    if (agent === undefined) throw new Error(`${name} was found, and is not there`);
    if (isAgent) return describeAgent(context, driver, cluster, agent);
    return describeInstance(context, driver, cluster, { agent, instance: name });
  });
}
