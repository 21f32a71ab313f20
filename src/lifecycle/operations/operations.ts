import type { AnyOperation } from "../executor/definition.ts";
import { autostop } from "./autostop.ts";
import { destroy } from "./destroy.ts";
import { hibernate } from "./hibernate.ts";
import { migrate } from "./migrate.ts";
import { reactivate } from "./reactivate.ts";
import { restart } from "./restart.ts";
import { restore } from "./restore.ts";
import { scale } from "./scale.ts";
import { unpin } from "./unpin.ts";
import { spawn, update } from "./up.ts";

/** All operations, in the order in which errors list the allowed requests. */
export const operations: readonly AnyOperation[] = [
  ...[spawn, update, scale, restart, restore, hibernate, reactivate, autostop, unpin, migrate, destroy],
];
