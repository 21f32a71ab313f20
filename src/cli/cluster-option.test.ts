import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { type NewClusterOptions, namedCluster, newClusterName } from "./cluster-option.ts";
import { createProgram } from "./program.ts";

/** Commands that name no cluster: of this machine, of all clusters, of files, and of operations, which have ids. */
const without = [
  /^(quickstart|gc|watch|doctor|init|pulumi|shellenv|version|completion)$/,
  /^(blueprint|images|agent-server)( |$)/,
  /^ops (show|follow|resume|rollback|cancel|logs)$/,
  /^env list$/,
  /^autoscale eval$/,
];
/** Commands that may create the cluster that they name. */
const creating = /^(up|plan|env (up|plan|down))$/;

/** Commands with the cluster as their first of two operands (operands.test.ts). */
const both = /^(restart|autostop)$/;

const program = await createProgram();
const all = leaves(program).map((path) => ({ path, name: path.join(" ") }));
const onClusters = all.filter(({ name }) => !without.some((kind) => kind.test(name)) && !creating.test(name));

function leaves(command: Command, path: readonly string[] = []): readonly (readonly string[])[] {
  if (command.commands.length === 0) return [path];
  return command.commands.flatMap((below) => leaves(below, [...path, below.name()]));
}

/** Parses arguments with the real program, and reads from the command what its action would. */
async function read<Value>(
  path: readonly string[],
  args: readonly string[],
  reader: (command: Command) => Value,
): Promise<Value | undefined> {
  const fresh = await createProgram([...path]);
  let command = fresh;
  for (const name of path) {
    command.exitOverride().configureOutput({ writeErr: () => {} });
    command = command.commands.find((below) => below.name() === name) ?? command;
  }
  command.exitOverride().configureOutput({ writeErr: () => {} });
  let found: Value | undefined;
  command.action(() => {
    found = reader(command);
  });
  await fresh.parseAsync([...path, ...args], { from: "user" });
  return found;
}

const operandsOf = (path: readonly string[]) => {
  let command = program;
  for (const name of path) command = command.commands.find((below) => below.name() === name) ?? command;
  return command.registeredArguments;
};

/** Values for the required operands of a command. */
const required = (path: readonly string[]) =>
  operandsOf(path)
    .filter(({ required }) => required)
    .map(() => "1");

describe.each(onClusters)("swarmctl $name", ({ path, name }) => {
  const others = operandsOf(path).filter((argument) => argument.name() !== "cluster");

  test("takes --cluster, before and after its operands", async () => {
    expect(await read(path, ["--cluster", "q1", ...required(path)], namedCluster)).toBe("q1");
    // What follows the instance is read by the action of exec.
    if (path[0] !== "exec") expect(await read(path, [...required(path), "--cluster=q1"], namedCluster)).toBe("q1");
  });

  test("takes the cluster as its operand exactly where it has no other one", async () => {
    const isTaken = others.length === 0 || both.test(name);
    expect(operandsOf(path).some((argument) => argument.name() === "cluster")).toBe(isTaken);
    if (others.length > 0) return;
    expect(await read(path, ["q1"], namedCluster)).toBe("q1");
    expect(await read(path, ["q1", "--cluster", "q1"], namedCluster)).toBe("q1");
    await expect(read(path, ["q1", "--cluster", "q2"], namedCluster)).rejects.toMatchObject({ code: "SW801" });
  });

  test("names none without them", async () => {
    expect(await read(path, required(path), namedCluster)).toBeUndefined();
  });

  test("takes the AgentCluster of a Pulumi program by --stack, or says why not", async () => {
    const found = await read(path, ["--stack", "shop/dev/team", ...required(path)], namedCluster).catch(
      (error: unknown) => error,
    );
    if (found !== "shop/dev/team") expect(found).toMatchObject({ code: "SW628" });
  });
});

test.each(all.filter(({ name }) => creating.test(name)))("swarmctl $name takes --cluster, and --name for it", async ({
  path,
}) => {
  const name = (args: readonly string[]) =>
    read(path, [...required(path), ...args], (command) => newClusterName(command.optsWithGlobals<NewClusterOptions>()));
  expect(await name(["--cluster", "q1"])).toBe("q1");
  expect(await name(["--name", "q1"])).toBe("q1");
  expect(await name([])).toBeUndefined();
  await expect(name(["--cluster", "q1", "--name", "q2"])).rejects.toMatchObject({ code: "SW801" });
});
