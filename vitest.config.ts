import { defineConfig } from "vitest/config";

const minute = 60_000;

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: "unit", include: ["src/**/*.test.ts"], exclude: ["src/**/*.engine.test.ts"], testTimeout: minute },
      },
      {
        test: {
          name: "integration",
          include: ["test/**/*.test.ts"],
          exclude: ["test/full/**"],
          globalSetup: ["test/support/prepare.ts"],
          fileParallelism: false,
          testTimeout: 5 * minute,
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
