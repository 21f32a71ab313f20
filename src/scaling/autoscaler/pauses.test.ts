import { expect, test } from "vitest";
import { type ScalingPause, wholeCluster } from "../../store/scaling-pauses.ts";
import { pauseOf, pinsWith } from "./pauses.ts";

const pause = (agent: string, until: number | null): ScalingPause => ({
  ...{ clusterId: "c", agent, actor: "ana", reason: null, since: 1, until },
});

test("the pause of a cluster is one of all its agents", () => {
  expect(pauseOf([pause("writer", null)])).toBeUndefined();
  expect(pauseOf([pause("writer", null), pause(wholeCluster, 7)])).toEqual({ by: "ana", until: 7 });
});

test("a paused agent keeps its count, and one that a person set keeps the person's pin", () => {
  const pins = { editor: { by: "ben", until: undefined } };
  expect(pinsWith(pins, [pause(wholeCluster, null), pause("writer", 9), pause("editor", null)])).toEqual({
    ...pins,
    writer: { by: "ana", until: 9 },
  });
});
