/** Operations on a site's supervisor from outside its process. */
export { readSupervisor, type SupervisorSighting, supervisorStatus } from "./connection.ts";
export { type EnsureOptions, ensureSupervisor, reattachSupervisor } from "./ensure.ts";
export {
  type DeletePoolOptions,
  deletePool,
  putPool,
  scalePool,
  type WaitForPoolOptions,
  waitForPool,
} from "./pool-calls.ts";
export { removeSite, stopSupervisor } from "./remove.ts";
