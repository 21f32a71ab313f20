import { expect, test } from "vitest";
import { fakeMachine } from "./fakes.fixture.ts";
import { freeBytes, inGibibytes, shortOfSpace } from "./space.ts";

test("needs on one file system are added up, also of folders that are not there yet", async () => {
  const { root } = await fakeMachine();
  const free = await freeBytes(root);
  const need = { folder: `${root}/not/yet`, bytes: free * 0.6 };
  expect(await shortOfSpace([need])).toBeUndefined();
  const short = await shortOfSpace([need, { folder: `${root}/neither`, bytes: free * 0.6 }]);
  expect(short).toContain(
    `are free for ${root}/not/yet, ${root}/neither, and a build needs ${inGibibytes(free * 1.2)}`,
  );
});
