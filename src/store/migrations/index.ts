import type { Migration } from "kysely/migration";
import * as clusters from "./0001-clusters.ts";
import * as operations from "./0002-operations.ts";
import * as tasks from "./0003-tasks.ts";
import * as blueprintSource from "./0004-blueprint-source.ts";
import * as environments from "./0005-environments.ts";
import * as moves from "./0006-moves.ts";
import * as scaling from "./0007-scaling.ts";
import * as spawns from "./0008-spawns.ts";

/** Migrations in the order of their names. A released migration never changes; later changes are new migrations. */
export const migrations: Readonly<Record<string, Migration>> = {
  "0001-clusters": clusters,
  "0002-operations": operations,
  "0003-tasks": tasks,
  "0004-blueprint-source": blueprintSource,
  "0005-environments": environments,
  "0006-moves": moves,
  "0007-scaling": scaling,
  "0008-spawns": spawns,
};
