import { defineConfig } from "vitest/config";

const minute = 60_000;

/** Where .ci/run counts from: a JSON report beside what is printed. */
const reports = process.env.SWARM_TEST_REPORTS;
const reporting =
  reports === undefined
    ? {}
    : { reporters: ["default", "json"], outputFile: { json: `${reports}/vitest-${process.pid}.json` } };

export default defineConfig({
  test: {
    ...reporting,
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts"],
          // Real processes belong to the second project.
          exclude: ["src/**/*.process.test.ts"],
          testTimeout: minute,
        },
      },
      {
        test: {
          name: "integration",
          include: ["test/**/*.test.ts", "src/**/*.process.test.ts"],
          exclude: ["test/full/**", "test/karpenter/**"],
          globalSetup: ["test/support/prepare.ts"],
          fileParallelism: false,
          // A whole life of a cluster is a minute on two quiet cores, and several where others work beside it.
          testTimeout: 10 * minute,
          hookTimeout: 20 * minute,
        },
      },
      {
        test: {
          name: "karpenter",
          include: ["test/karpenter/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 20 * minute,
          hookTimeout: 20 * minute,
        },
      },
      {
        test: {
          name: "full",
          include: ["test/full/**/*.test.ts"],
          globalSetup: ["test/support/prepare.ts"],
          fileParallelism: false,
          testTimeout: 20 * minute,
          hookTimeout: 20 * minute,
        },
      },
    ],
  },
});
