import { expect, test } from "vitest";
import { refuseHot } from "./cool-down.ts";

const minute = 60_000;

test.each([
  { name: "it has never moved", movedAt: undefined, coolDownMs: 10 * minute, leftMs: 0 },
  { name: "long ago", movedAt: 0, coolDownMs: 10 * minute, leftMs: 0 },
  { name: "ten minutes ago to the millisecond", movedAt: 90 * minute, coolDownMs: 10 * minute, leftMs: 0 },
  { name: "nine minutes ago", movedAt: 91 * minute, coolDownMs: 10 * minute, leftMs: minute },
  { name: "nine minutes ago, and nobody minds", movedAt: 91 * minute, coolDownMs: 0, leftMs: 0 },
])("$name: $leftMs ms are left", ({ movedAt, coolDownMs, leftMs }) => {
  const judge = () => refuseHot("team", { movedAt, coolDownMs, now: 100 * minute });
  if (leftMs === 0) expect(judge).not.toThrow();
  else expect(judge).toThrow(expect.objectContaining({ code: "SW626", values: expect.objectContaining({ leftMs }) }));
});
