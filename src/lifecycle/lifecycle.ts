export type { LifecycleEvent } from "./event.ts";
export type { LifecycleOptions } from "./options.ts";
export { type On, type Performed, perform, resumeOperation } from "./perform.ts";
