/** A server that was started for a test: it ends with the process that started it, however that ends. */
export interface Service {
  /** What a client connects to. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Why there is none, in words. */
export interface Unavailable {
  readonly unavailable: string;
}

export function isAvailable(service: Service | Unavailable): service is Service {
  return "url" in service;
}
