import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { SwarmError } from "../../errors.ts";
import { nameOf } from "./name.ts";
import { type CiSurroundings, subjectOf } from "./subject.ts";

const run = promisify(execFile);

const eventSchema = z.object({ pull_request: z.object({ number: z.number().int() }) });

/** Derives the environment's name from CI variables or the git branch. @throws SwarmError SW801 when there is neither */
export async function deriveName(env: CiSurroundings["env"]): Promise<string> {
  const pullRequest = await readPullRequest(env.GITHUB_EVENT_PATH);
  const subject = subjectOf({ env, pullRequest, branch: await readBranch() });
  if (subject !== undefined) return nameOf(subject);
  throw new SwarmError("SW801", "the environment has no name: found no pull request, CI branch or git branch", {
    hints: ["--cluster NAME"],
  });
}

/** Undefined without an event, or for an event that is not of a pull request. */
async function readPullRequest(path: string | undefined): Promise<number | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(path, "utf8").catch(() => "null");
  return eventSchema.safeParse(JSON.parse(text)).data?.pull_request.number;
}

/** Undefined without git, a repository or a branch. */
async function readBranch(): Promise<string | undefined> {
  const { stdout } = await run("git", ["branch", "--show-current"]).catch(() => ({ stdout: "" }));
  return stdout.trim() || undefined;
}
