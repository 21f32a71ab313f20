import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { commandLines, complaint } from "./command-lines.ts";

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");

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

test.each([
  { file: "docs/ci/github-actions.yml", texts: (text: string) => textsOf(parse(text)), least: 5 },
  { file: "docs/ci/gitlab-ci.yml", texts: (text: string) => textsOf(parse(text)), least: 5 },
  { file: "docs/ci/README.md", texts: (text: string) => [text], least: 5 },
  { file: "README.md", texts: (text: string) => [text], least: 20 },
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

test("detects unknown commands and options", async () => {
  expect(await complaint(["env", "up", "--ttl", "4h"])).toBeUndefined();
  expect(await complaint(["env", "up", "--for", "4h"])).toContain("unknown option");
  expect(await complaint(["env", "up", "--ttl", "long"])).toContain("is not a duration");
  expect(await complaint(["env", "raise"])).toBeDefined();
  expect(await complaint(["environment"])).toContain("unknown command");
});
