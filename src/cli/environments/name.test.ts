import { describe, expect, test } from "vitest";
import { nameOf } from "./name.ts";
import { subjectOf } from "./subject.ts";

const branch = (name: string) => ({ kind: "branch", name }) as const;
const hash = (pattern: RegExp): unknown => expect.stringMatching(pattern);

describe("the environment name of", () => {
  test.each([
    ["a pull request", { kind: "pull request", number: "123" } as const, "pr-123"],
    ["a merge request", { kind: "merge request", number: "7" } as const, "mr-7"],
    ["a branch with a valid name", branch("checkout-2"), "checkout-2"],
    ["a branch with a slash", branch("feature/x"), hash(/^feature-x-[0-9a-f]{8}$/)],
    ["a branch with capitals", branch("Checkout"), hash(/^checkout-[0-9a-f]{8}$/)],
    ["a branch with diacritics", branch("größe"), hash(/^gro-e-[0-9a-f]{8}$/)],
    ["a branch without ASCII letters", branch("機能"), hash(/^[0-9a-f]{8}$/)],
    ["a branch of 40 characters", branch("a".repeat(40)), "a".repeat(40)],
    ["a branch of 41 characters", branch("a".repeat(41)), hash(/^a{31}-[0-9a-f]{8}$/)],
    ["a branch truncated at a dash", branch(`${"a".repeat(30)}-${"b".repeat(30)}`), hash(/^a{30}-[0-9a-f]{8}$/)],
    ["a branch that looks like a pull request", branch("pr-123"), hash(/^pr-123-[0-9a-f]{8}$/)],
    ["a branch that looks truncated", branch("feature-x-0123abcd"), hash(/^feature-x-0123abcd-[0-9a-f]{8}$/)],
    ["a tag", { kind: "tag", name: "v1" } as const, hash(/^v1-[0-9a-f]{8}$/)],
  ])("%s", (_what, subject, name) => {
    expect(nameOf(subject)).toEqual(name);
    expect(nameOf(subject)).toMatch(/^(?!.*--)[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/);
  });

  test("no two names are equal", () => {
    const long = "a-branch-with-a-very-long-name-that-goes-on-and-on";
    const readable = ["feature/x", "feature-x", "feature_x", "Feature/x", "feature/X", "feature--x", "feature.x"];
    const more = ["pr-1", "mr-1", `${long}/1`, `${long}/2`, `${long}-1`, long, "機能", "機", "größe", "grosse", "v1"];
    const branches = [...readable, ...more].map(branch);
    // A branch with the generated name of another gets a different name.
    const named = branches.map((subject) => branch(nameOf(subject))).filter(({ name }) => /[0-9a-f]{8}$/.test(name));
    const others = [
      ...([
        { kind: "pull request", number: "1" },
        { kind: "merge request", number: "1" },
      ] as const),
      ...([
        { kind: "tag", name: "v1" },
        { kind: "tag", name: "feature/x" },
      ] as const),
    ];
    const names = [...branches, ...named, ...others].map(nameOf);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("the subject of an environment", () => {
  const nowhere = { env: {}, pullRequest: undefined, branch: undefined };
  test.each([
    ["no CI variables and no branch", {}, undefined],
    ["a working tree", { branch: "main" }, { kind: "branch", name: "main" }],
    [
      "GitHub, a pull request, open or merged",
      { pullRequest: 12, env: { GITHUB_HEAD_REF: "feature/x", GITHUB_REF_NAME: "main" } },
      { kind: "pull request", number: "12" },
    ],
    [
      "GitHub, without the event file",
      { env: { GITHUB_HEAD_REF: "feature/x", GITHUB_REF_NAME: "12/merge" } },
      { kind: "branch", name: "feature/x" },
    ],
    [
      "GitHub, a push with an empty GITHUB_HEAD_REF",
      { env: { GITHUB_HEAD_REF: "", GITHUB_REF_NAME: "feature/x", GITHUB_REF_TYPE: "branch" }, branch: "main" },
      { kind: "branch", name: "feature/x" },
    ],
    ["GitHub, a tag", { env: { GITHUB_REF_NAME: "v1", GITHUB_REF_TYPE: "tag" } }, { kind: "tag", name: "v1" }],
    [
      "GitLab, a merge request",
      { env: { CI_MERGE_REQUEST_IID: "7", CI_COMMIT_REF_NAME: "feature/x" } },
      { kind: "merge request", number: "7" },
    ],
    ["GitLab, a branch", { env: { CI_COMMIT_REF_NAME: "feature/x" } }, { kind: "branch", name: "feature/x" }],
    ["GitLab, a tag", { env: { CI_COMMIT_REF_NAME: "v1", CI_COMMIT_TAG: "v1" } }, { kind: "tag", name: "v1" }],
  ])("%s", (_where, surroundings, subject) => {
    expect(subjectOf({ ...nowhere, ...surroundings })).toEqual(subject);
  });
});
