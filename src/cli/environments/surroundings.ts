import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { SwarmError } from "../../errors.ts";
import { nameOf } from "./name.ts";
import { type CiSurroundings, subjectOf } from "./subject.ts";

const run = promisify(execFile);

const eventSchema = z.object({ pull_request: z.object({ number: z.number().int() }) });

/** The name of the environment of where this runs. @throws SwarmError SW801 where nothing tells of a branch */
export async function deriveName(env: CiSurroundings["env"]): Promise<string> {
  const pullRequest = await readPullRequest(env.GITHUB_EVENT_PATH);
  const subject = subjectOf({ env, pullRequest, branch: await readBranch() });
  if (subject !== undefined) return nameOf(subject);
  throw new SwarmError("SW801", "which environment? No CI system and no git branch tells", { hints: ["--name NAME"] });
}

/** Undefined for an event of another kind, and where there is none. */
async function readPullRequest(path: string | undefined): Promise<number | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(path, "utf8").catch(() => "null");
  return eventSchema.safeParse(JSON.parse(text)).data?.pull_request.number;
}

/** Undefined where there is no git, no repository, or no branch. */
async function readBranch(): Promise<string | undefined> {
  const { stdout } = await run("git", ["branch", "--show-current"]).catch(() => ({ stdout: "" }));
  return stdout.trim() || undefined;
}
