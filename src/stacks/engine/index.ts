export type { CheckContext, DoctorRow } from "./doctor.ts";
export { doctorEngine } from "./doctor.ts";
export { engineEnvironment } from "./environment.ts";
export { findEngine } from "./find-engine.ts";
export { dynamicProviderFolder, findLanguageHost } from "./find-language-host.ts";
export { findProvider } from "./find-provider.ts";
export type {
  Engine,
  EngineProgress,
  EngineSource,
  LanguageHost,
  LookupOptions,
  Phase,
  ProviderName,
  ProviderPlugin,
} from "./model.ts";
