/** Time as a value that is passed in; the runtime's clock fits. */
export interface WallClock {
  /** Milliseconds since the epoch. */
  now(): number;
}
