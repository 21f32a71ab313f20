export type { LifecycleEvent } from "./event.ts";
export { type ClusterRequest, type Performed, perform, resumeOperation } from "./executor/perform.ts";
export type { LifecycleOptions } from "./options.ts";
