import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { commandLines, complaint } from "./command-lines.ts";

const root = join(import.meta.dirname, "../..");
const read = (name: string) => readFileSync(join(root, name), "utf8");

/** How many commands the guides have at least, so that a change of their form cannot hide them. */
const leastCommands: Readonly<Record<string, number>> = {
  "README.md": 5,
  "docs/ci/README.md": 5,
  "docs/cli.md": 30,
  "docs/docker.md": 3,
  "docs/errors.md": 15,
  "docs/install.md": 3,
  "docs/kubernetes.md": 4,
  "docs/lifecycle.md": 10,
  "docs/migrate.md": 4,
  "docs/pulumi.md": 4,
  "examples/README.md": 4,
};

/** All strings of a document, including those of commands. */
function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

const workflow = z.object({
  on: z.object({
    pull_request: z.object({ types: z.array(z.string()) }),
    schedule: z.array(z.object({ cron: z.string() })),
  }),
  jobs: z.record(
    z.string(),
    z.object({
      "runs-on": z.string(),
      needs: z.string().optional(),
      steps: z.array(z.union([z.object({ uses: z.string() }), z.object({ run: z.string() })])),
    }),
  ),
});

const pipeline = z.object({ stages: z.array(z.string()) }).catchall(z.unknown());
const job = z.object({
  stage: z.string(),
  extends: z.string(),
  script: z.array(z.string()),
  environment: z.object({ name: z.string(), on_stop: z.string().optional() }).optional(),
});

test("the GitHub workflow has the jobs of a pull request's life cycle", () => {
  const { on, jobs } = workflow.parse(parse(read("docs/ci/github-actions.yml")));
  expect(on.pull_request.types).toContain("closed");
  expect(Object.keys(jobs)).toEqual(["plan", "up", "down", "gc"]);
  for (const { needs } of Object.values(jobs)) if (needs !== undefined) expect(jobs).toHaveProperty(needs);
});

test("the GitLab pipeline has the jobs of a merge request's life cycle", () => {
  const { stages, ...all } = pipeline.parse(parse(read("docs/ci/gitlab-ci.yml")));
  const names = ["plan", "up", "down", "gc"];
  for (const name of names) {
    const { stage, extends: base, environment } = job.parse(all[name]);
    expect(stages).toContain(stage);
    expect(all).toHaveProperty([base]);
    if (environment?.on_stop !== undefined) expect(names).toContain(environment.on_stop);
  }
  expect(job.parse(all.up).environment?.name).toBe(job.parse(all.down).environment?.name);
});

/** Every page for users. */
const pages = ["README.md", ...globSync(["docs/**/*.md", "examples/*.md"], { cwd: root })].sort();

test.each([
  { file: "docs/ci/github-actions.yml", texts: (text: string) => textsOf(parse(text)), least: 5 },
  { file: "docs/ci/gitlab-ci.yml", texts: (text: string) => textsOf(parse(text)), least: 5 },
  ...pages.map((file) => ({ file, texts: (text: string) => [text], least: leastCommands[file] ?? 0 })),
])("every command in $file is one that swarmctl takes", async ({ file, texts, least }) => {
  const lines = texts(read(file)).flatMap(commandLines);
  expect(lines.length).toBeGreaterThanOrEqual(least);
  const complaints: string[] = [];
  for (const words of lines) {
    const against = await complaint(words);
    // Prose names commands without their arguments.
    if (file.endsWith(".md") && against?.includes("missing required argument")) continue;
    if (against !== undefined) complaints.push(`swarmctl ${words.join(" ")}: ${against}`);
  }
  expect(complaints).toEqual([]);
});

test("every line of a page that calls swarmctl is found as a command", () => {
  const missed = pages.flatMap((page) =>
    read(page)
      .split("\n")
      .filter((line) => /^\s*(?:npx )?swarmctl /.test(line) && commandLines(line).length === 0)
      .map((line) => `${page}: ${line}`),
  );
  expect(missed).toEqual([]);
});

test("detects unknown commands and options", async () => {
  expect(await complaint(["env", "up", "--ttl", "4h"])).toBeUndefined();
  expect(await complaint(["env", "up", "--for", "4h"])).toContain("unknown option");
  expect(await complaint(["env", "up", "--ttl", "long"])).toContain("is not a duration");
  expect(await complaint(["env", "raise"])).toBeDefined();
  expect(await complaint(["environment"])).toContain("unknown command");
  expect(await complaint(["agent-server", "--folder", "x"])).toBeUndefined();
});
