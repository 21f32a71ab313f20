import { defineConfig } from "vitest/config";

/** The unit tests alone: Stryker runs every project of a configuration, and no mutant needs the real engine. */
export default defineConfig({
  test: { include: ["src/**/*.test.ts"], exclude: ["src/**/*.process.test.ts"], testTimeout: 60_000 },
});
