import type { Subject } from "./name.ts";

/** The CI variables and the git branch of a command. */
export interface CiSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Number of the pull request in the file GITHUB_EVENT_PATH. */
  readonly pullRequest: number | undefined;
  /** Branch of the working tree. */
  readonly branch: string | undefined;
}

/**
 * Derives the subject of an environment: GitHub's pull request, GitLab's merge request, the branch or tag of either, or the branch
 * of the working tree. GITHUB_REF is not used: for a merged pull request it is the base branch.
 *
 * @returns undefined when none of them is known
 */
export function subjectOf({ env, pullRequest, branch }: CiSurroundings): Subject | undefined {
  if (pullRequest !== undefined) return { kind: "pull request", number: String(pullRequest) };
  if (env.CI_MERGE_REQUEST_IID) return { kind: "merge request", number: env.CI_MERGE_REQUEST_IID };
  if (env.GITHUB_HEAD_REF) return { kind: "branch", name: env.GITHUB_HEAD_REF };
  if (env.GITHUB_REF_NAME) return { kind: env.GITHUB_REF_TYPE === "tag" ? "tag" : "branch", name: env.GITHUB_REF_NAME };
  if (env.CI_COMMIT_TAG) return { kind: "tag", name: env.CI_COMMIT_TAG };
  if (env.CI_COMMIT_REF_NAME) return { kind: "branch", name: env.CI_COMMIT_REF_NAME };
  return branch ? { kind: "branch", name: branch } : undefined;
}
