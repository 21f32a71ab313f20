/** A server for tests: it ends with the process that started it, however that ends. */
export interface Service {
  /** URL for clients. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Why a service is unavailable. */
export interface Unavailable {
  readonly unavailable: string;
}

export function isAvailable(service: Service | Unavailable): service is Service {
  return "url" in service;
}
