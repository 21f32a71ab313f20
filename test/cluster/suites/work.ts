import { expect, test } from "vitest";
import { team } from "../../support/blueprints.ts";
import { up } from "../../support/cluster.ts";
import { until } from "../../support/sandbox.ts";
import { type Target, uniqueName, useHome } from "../../support/targets/target.ts";
import { onTerminal } from "../../support/terminal.ts";

interface Shown {
  readonly state: string;
  readonly attempt: number;
  readonly result?: { readonly value: unknown; readonly instance: string };
}

/** Tasks, exec and events on any target. */
export function workSuite(target: Target): void {
  const home = useHome(target);
  const cluster = uniqueName("team");

  test("a task for a capability is done by an agent with it", async () => {
    const { sandbox } = home();
    await up(sandbox, [sandbox.write("team.yaml", team({ id: cluster, workers: "2", target: target.name }))]);
    const sum = '{"skill":"sum","numbers":[20,22]}';
    const task = await sandbox.json<Shown>(["task", "add", sum, "--capability", "work", "--wait", "1m"]);
    expect(task).toMatchObject({
      state: "done",
      attempt: 1,
      result: { value: 42, instance: expect.stringMatching(/^worker-/) },
    });
  });

  test("a task that always fails is dead after its attempts and can be listed and requeued", async () => {
    const { sandbox } = home();
    const add = ["task", "add", "x", "--skill", "fail", "--agent", "worker", "--attempts", "1"];
    const { id } = await sandbox.json<{ id: string }>(add);
    await until("it is dead", async () => (await sandbox.json<Shown>(["task", "show", id])).state === "dead");
    const { tasks } = await sandbox.json<{ tasks: { id: string }[] }>(["task", "list", "--state", "dead"]);
    expect(tasks.map((task) => task.id)).toEqual([id]);
    expect(await sandbox.json<Shown>(["task", "requeue", id])).toMatchObject({ id, state: "waiting" });
  });

  test("a second task with the same key returns the first one; a cancelled task is not done", async () => {
    const { sandbox } = home();
    const add = ["task", "add", '{"skill":"sleep","ms":60000}', "--agent", "boss", "--key", "once"];
    const first = await sandbox.json<{ id: string; status: string }>(add);
    expect(await sandbox.json(add)).toEqual({ id: first.id, status: "present" });
    expect(await sandbox.json<Shown>(["task", "cancel", first.id])).toMatchObject({ state: "cancelled" });
  });

  test("a task without a selector is rejected", async () => {
    const { status, stderr } = await home().sandbox.run(["task", "add", "x"]);
    expect(status).toBe(1);
    expect(stderr).toContain("--agent, --role and --capability");
  });

  test("exec runs in the environment of an instance, without the caller's secrets, and returns output and exit status", async () => {
    const { sandbox } = home();
    const script = 'echo "$SWARM_INSTANCE $SWARM_ROLE"; env; echo no >&2; exit 7';
    const { status, stdout, stderr } = await sandbox.run(["exec", "worker-1", "sh", "-c", script], {
      PULUMI_CONFIG_PASSPHRASE: "s3cret",
    });
    expect({ status, stderr }).toEqual({ status: 7, stderr: "no\n" });
    expect(stdout.split("\n")[0]).toBe("worker-1 worker");
    expect(stdout).not.toContain("s3cret");
    expect(stdout).not.toContain("PASSPHRASE");
    expect((await sandbox.run(["exec", "worker-1", "no-such-program"])).stderr).toContain("cannot be started");
    expect((await sandbox.run(["exec", "no-such-instance", "true"])).stderr).toContain("SW705");
  });

  test("exec passes standard input, and takes its options before and after the instance", async () => {
    const { sandbox } = home();
    const piped = (args: readonly string[]) => {
      const { child, finished } = sandbox.start(args, {}, "pipe");
      // A command without input closes it.
      child.stdin?.on("error", () => {});
      child.stdin?.end("some text\n".repeat(20_000));
      return finished;
    };
    const counted = { status: 0, stdout: expect.stringMatching(/^ *200000\n$/) };
    expect(await piped(["exec", "-i", "worker-1", "--", "wc", "-c"])).toMatchObject(counted);
    expect(await piped(["exec", "worker-1", "-i", "--cluster", cluster, "wc", "-c"])).toMatchObject(counted);
    expect(await piped(["exec", "worker-1", "-T", "--", "wc", "-c"])).toMatchObject({
      stdout: expect.stringMatching(/^ *0\n$/),
    });
    const refused = await piped(["exec", "-it", "worker-1", "--", "sh"]);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining("-t needs a terminal") });
  });

  // The node of the test's control plane has no terminals.
  test.skipIf(target.name === "kubernetes")(
    "exec on a terminal runs a shell there, and Ctrl-C reaches what runs in it",
    async () => {
      const { sandbox } = home();
      const terminal = onTerminal(sandbox, ["exec", "worker-1", "sh"], () => {});
      terminal.type('echo "at $(stty size) $SWARM_INSTANCE"\n');
      await until("the size of the caller's terminal", () => terminal.screen().includes("at 30 100 worker-1"));
      terminal.type("echo sle''eps; sleep 600\n");
      await until("the command runs", () => terminal.screen().includes("sleeps"));
      terminal.interrupt();
      terminal.type("echo still th''ere; exit 7\n");
      await until("the shell is still there", () => terminal.screen().includes("still there"));
      expect(await terminal.ended).toBe(7);
    },
  );

  test("events show instances, health and tasks", async () => {
    const { stdout } = await home().sandbox.run(["events", cluster, "--json"]);
    const kinds = stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds).toEqual(expect.arrayContaining(["instance.registered", "task.added", "task.leased", "task.done"]));
  });
}
