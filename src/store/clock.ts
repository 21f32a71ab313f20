/** Time as a dependency; compatible with the platform's clock. */
export interface WallClock {
  /** Milliseconds since the epoch. */
  now(): number;
}
