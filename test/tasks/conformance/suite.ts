import { describeModel } from "../model/check.ts";
import type { Backend } from "../support/backends.ts";
import { describeAdding } from "./adding.ts";
import { describeCarrying } from "./carrying.ts";
import { describeEnding } from "./ending.ts";
import { describeFences } from "./fences.ts";
import { describeLeasing } from "./leasing.ts";
import { describeReading } from "./reading.ts";

/** The behaviour of every queue, whatever its storage. */
export function conformanceSuite(backend: Backend): void {
  describeAdding(backend);
  describeLeasing(backend);
  describeEnding(backend);
  describeReading(backend);
  describeCarrying(backend);
  describeFences(backend);
  describeModel(backend, { seeds: [1, 20_261_122], runs: 15, length: 60 });
}
