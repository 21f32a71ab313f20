import { localMachine } from "../../cluster/support/local-target.ts";
import { lifecycleOn } from "./lifecycle-on.ts";

/** Processes under a supervisor. */
export const localTarget = lifecycleOn(localMachine);
