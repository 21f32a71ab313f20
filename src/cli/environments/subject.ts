import type { Subject } from "./name.ts";

/** What tells on which branch, or for which request to merge, a command runs. */
export interface CiSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Number of the pull request that GITHUB_EVENT_PATH tells of. */
  readonly pullRequest: number | undefined;
  /** The branch of the present folder. */
  readonly branch: string | undefined;
}

/**
 * What an environment without a name is made for: the pull request of GitHub's event, GitLab's merge request, else the
 * branch or the tag that either runs for, else the branch of the present folder. GITHUB_REF is not asked: once a pull request
 * is merged, it is the branch that it was merged into.
 *
 * @returns undefined where none of them is known
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
