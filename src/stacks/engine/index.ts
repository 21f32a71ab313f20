export type { CheckContext, DoctorRow } from "./checks/check.ts";
export { doctorEngine } from "./doctor.ts";
export { engineEnvironment } from "./environment.ts";
export { findEngine } from "./find-engine.ts";
export { dynamicProviderFolder, findLanguageHost } from "./find-language-host.ts";
export { findProvider } from "./find-provider.ts";
export type {
  Engine,
  LanguageHost,
  LookupOptions,
  Phase,
  Progress,
  ProviderName,
  ProviderPlugin,
  Source,
} from "./model.ts";
