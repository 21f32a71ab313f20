/** All that can be done with a site's supervisor from outside its process. */
export { readSupervisor, type SupervisorSighting, supervisorStatus, type WaitLimits } from "./connection.ts";
export { type EnsureOptions, ensureSupervisor } from "./ensure.ts";
export { type EventPosition, followEvents, readEvents } from "./event-calls.ts";
export { type ExecOptions, type ExecResult, exec } from "./exec-call.ts";
export { drain, hold, resume, waitForDrained } from "./order-calls.ts";
export { type DeletePoolOptions, deletePool, putPool, type WaitForPoolOptions, waitForPool } from "./pool-calls.ts";
export { removeSite } from "./remove.ts";
export { addTask, cancelTask, countTasks, listTasks, requeueTask, showTask, type TaskFilter } from "./task-calls.ts";
