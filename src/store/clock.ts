/** Time as a value that is passed in; the runtime's clock fits. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}
