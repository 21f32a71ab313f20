import { expect, test } from "vitest";
import { enginesAtOnce } from "./engines-at-once.ts";

const gib = 1024 ** 3;

test.each([
  { cores: 2, memory: 24 * gib, engines: 2 },
  { cores: 16, memory: 8 * gib, engines: 4 },
  { cores: 64, memory: 256 * gib, engines: 64 },
  { cores: 2, memory: gib, engines: 1 },
])("$cores cores and $memory bytes: $engines", ({ cores, memory, engines }) => {
  expect(enginesAtOnce(cores, memory)).toBe(engines);
});
