import type { FenceName } from "../fences.ts";
import { addLua, cancelLua, pruneLua, removeLua, requeueLua } from "./lua/admin.ts";
import { epochsLua } from "./lua/epochs.ts";
import { openLua } from "./lua/fences.ts";
import { takeOverLua } from "./lua/import.ts";
import { leaseLua } from "./lua/lease.ts";
import { lineLua } from "./lua/line.ts";
import { countsLua, listLua } from "./lua/read.ts";
import { ackLua, extendLua, failLua, handBackLua } from "./lua/settle.ts";
import { tasksLua } from "./lua/tasks.ts";
import { Script } from "./script.ts";

/** One atomic script for each operation of the queue. */
export function createScripts(fences: Readonly<Partial<Record<FenceName, string>>>) {
  const writing = [tasksLua, lineLua];
  const settling = [...writing, openLua(fences)];
  return {
    add: new Script([...writing, addLua]),
    fence: new Script([...writing, epochsLua, "return beginLife(args.instance, args.epoch) and 1 or 0"]),
    lease: new Script([...writing, epochsLua, leaseLua]),
    extend: new Script([...settling, extendLua]),
    ack: new Script([...settling, ackLua]),
    fail: new Script([...settling, failLua]),
    handBack: new Script([...settling, handBackLua]),
    cancel: new Script([...writing, cancelLua]),
    requeue: new Script([...writing, requeueLua]),
    remove: new Script([...writing, removeLua]),
    takeOver: new Script([...writing, takeOverLua]),
    sweep: new Script([...writing, "return sweep()"]),
    prune: new Script([...writing, pruneLua]),
    counts: new Script([tasksLua, countsLua]),
    list: new Script([tasksLua, listLua]),
  };
}
