export { findEngine } from "./find-engine.ts";
export type { Engine, LanguageHost, LookupOptions, Phase, Progress, Source } from "./model.ts";
