import { defineConfig } from "vitest/config";

const minute = 60_000;

/** Where .ci/run counts from: a JSON report beside what is printed. */
const reports = process.env.SWARM_TEST_REPORTS;
const reporting =
  reports === undefined
    ? {}
    : { reporters: ["default", "json"], outputFile: { json: `${reports}/vitest-${process.pid}.json` } };

const targets = "test/**/*.targets.test.ts";
const full = "test/**/*.full.test.ts";
const engine = "test/support/prepare.ts";
const servers = "test/support/servers/shared.ts";

export default defineConfig({
  test: {
    ...reporting,
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "tools/**/*.test.ts"],
          // Real processes belong to the second project.
          exclude: ["src/**/*.process.test.ts"],
          testTimeout: minute,
        },
      },
      {
        test: {
          name: "promises",
          include: ["test/**/*.test.ts", "src/**/*.process.test.ts"],
          exclude: [targets, full],
          globalSetup: [engine],
          // The engine waits more than it computes.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          // A whole life of a cluster is a minute on two quiet cores, and several where others work beside it.
          testTimeout: 10 * minute,
          hookTimeout: 20 * minute,
        },
      },
      {
        test: {
          name: "targets",
          include: [targets],
          globalSetup: [engine, servers],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          testTimeout: 10 * minute,
          hookTimeout: 20 * minute,
        },
      },
      {
        test: {
          name: "full",
          include: [full],
          globalSetup: [engine, servers],
          // Matrices use all that the machine has.
          fileParallelism: false,
          sequence: { groupOrder: 3 },
          testTimeout: 20 * minute,
          hookTimeout: 20 * minute,
        },
      },
    ],
  },
});
