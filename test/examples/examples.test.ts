import { existsSync, readFileSync } from "node:fs";
import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ExampleProject } from "./support/project.ts";

interface StatusRow {
  readonly state: string;
  readonly running: number;
  readonly counts: Readonly<Record<string, number>>;
}

describe("with-own-resources", () => {
  const project = new ExampleProject("with-own-resources");
  const { sandbox, folder } = project;
  afterAll(() => sandbox.dispose());

  test("without the plugin in Pulumi.yaml the error shows the missing lines; swarmctl init --pulumi writes them", async () => {
    expect(await sandbox.run(["pulumi", "stack", "init", "dev"])).toMatchObject({ status: 0 });
    const text = sandbox.read("Pulumi.yaml");
    sandbox.write("Pulumi.yaml", text.slice(0, text.indexOf("plugins:")));
    const refused = await project.pulumi(["preview"]);
    expect(refused.status).not.toBe(0);
    expect(refused.stdout).toContain("SW508");
    expect(refused.stdout).toContain("{ name: swarmstack, path: node_modules/swarmstack/plugins/swarmstack }");
    expect(await sandbox.run(["init", "--pulumi"])).toMatchObject({ status: 0 });
    expect(sandbox.read("Pulumi.yaml")).toBe(text);
  });

  test("up creates the cluster and the program's resource, which uses its outputs", async () => {
    expect(await project.pulumi(["up", "--yes", "--skip-preview"])).toMatchObject({ status: 0 });
    const sheet = JSON.parse(readFileSync(join(folder, "team.json"), "utf8"));
    expect(sheet).toEqual({ cluster: "support-dev", counts: { dispatcher: 1, helper: 2 } });
  });

  test("an unchanged program has no changes, regardless of swarmctl's variables", async () => {
    const runner = { SWARM_OPERATION_ID: "op-1", SWARM_TARGET: "docker", SWARM_BLUEPRINT: "/none.yaml" };
    expect(await project.pulumi(["preview", "--expect-no-changes"], runner)).toMatchObject({ status: 0 });
  });

  test("status, agents, task, logs and exec find it by --stack", async () => {
    const stack = ["--stack", project.cluster("support")];
    expect(await sandbox.json<StatusRow>(["status", ...stack])).toMatchObject({ state: "running", running: 3 });
    const { total } = await sandbox.json<{ total: number }>(["agents", ...stack]);
    expect(total).toBe(3);
    const task = ["task", "add", "hello", "--capability", "answering", "--wait", "30s", ...stack];
    expect(await sandbox.json(task)).toMatchObject({ state: "done" });
    expect(await sandbox.run(["logs", "helper-0", ...stack])).toMatchObject({ status: 0 });
    const exec = await sandbox.run(["exec", ...stack, "helper-0", "sh", "-c", "echo $SWARM_CLUSTER"]);
    expect(exec).toMatchObject({ status: 0, stdout: "support-dev\n" });
  });

  test.each([
    "scale --to 4 --stack",
    "hibernate --stack",
    "destroy --yes --stack",
    "migrate --to docker --stack",
    "scale --to 4",
    "destroy --yes",
  ])("swarmctl %s refuses: the program owns the cluster", async (command) => {
    const { status, stdout } = await sandbox.run([...command.split(" "), project.cluster("support"), "--json"]);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "SW628" } });
  });

  test("destroy removes all of it", async () => {
    expect(await project.pulumi(["destroy", "--yes", "--skip-preview"])).toMatchObject({ status: 0 });
    expect(existsSync(join(folder, "team.json"))).toBe(false);
    expect(await readdir(join(folder, ".swarmstack", "clusters"))).toEqual([]);
  });
});

describe("two-clusters", () => {
  const project = new ExampleProject("two-clusters");
  const { sandbox } = project;
  afterAll(() => sandbox.dispose());
  const countsOf = async (component: string) =>
    (await sandbox.json<StatusRow>(["status", "--stack", project.cluster(component)])).counts;

  test("up creates both in one stack, and each can be selected by name", async () => {
    expect(await sandbox.run(["pulumi", "stack", "init", "dev"])).toMatchObject({ status: 0 });
    expect(await project.pulumi(["up", "--yes", "--skip-preview"])).toMatchObject({ status: 0 });
    expect(await countsOf("writers")).toEqual({ editor: 1, writer: 2 });
    expect(await countsOf("review")).toEqual({ reviewer: 1 });
    expect(await countsOf("reviewers")).toEqual({ reviewer: 1 });
  });

  test("a preview shows another size as a change of that component only, and an update applies it", async () => {
    const { stdout } = await project.pulumi(["preview", "--diff"], { WRITERS: "5" });
    expect(stdout).toMatch(/targetWorkers: 3 => 5/);
    expect(stdout).toMatch(/writer: 2 => 4/);
    expect(stdout).not.toContain("reviewers-desired");
    expect(await project.pulumi(["up", "--yes", "--skip-preview"], { WRITERS: "5" })).toMatchObject({ status: 0 });
    expect(await countsOf("writers")).toEqual({ editor: 1, writer: 4 });
    expect(await countsOf("review")).toEqual({ reviewer: 1 });
  });

  test("an edited blueprint keeps the size that the program sets", async () => {
    const text = sandbox.read("writers.yaml");
    sandbox.write("writers.yaml", text.replace("count: 1-5", "count: 1-6"));
    const same = await project.pulumi(["preview", "--diff"], { WRITERS: "5" });
    expect(same).toMatchObject({ status: 0, stdout: expect.stringContaining("digest") });
    expect(same.stdout).not.toMatch(/writer: \d/);
    sandbox.write("writers.yaml", text);
  });

  test("a blueprint error is shown with its location, and nothing is changed", async () => {
    await rename(join(project.folder, "writers.yaml"), join(project.folder, "kept.yaml"));
    sandbox.write("writers.yaml", sandbox.read("kept.yaml").replace("count: 1-5", "count: five"));
    const { status, stdout } = await project.pulumi(["up", "--yes", "--skip-preview"], { WRITERS: "5" });
    expect(status).not.toBe(0);
    expect(stdout).toContain("SW500");
    expect(stdout).toContain("five");
    await rename(join(project.folder, "kept.yaml"), join(project.folder, "writers.yaml"));
    expect(await countsOf("writers")).toEqual({ editor: 1, writer: 4 });
    expect(await project.pulumi(["preview", "--expect-no-changes"], { WRITERS: "5" })).toMatchObject({ status: 0 });
  });

  test("destroy removes both", async () => {
    expect(await project.pulumi(["destroy", "--yes", "--skip-preview"])).toMatchObject({ status: 0 });
    expect(await readdir(join(project.folder, ".swarmstack", "clusters"))).toEqual([]);
  });
});
