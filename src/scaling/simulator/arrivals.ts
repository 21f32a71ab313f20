/** How tasks arrive: tasks a second at a time, in seconds from the start. */
export type Arrivals = (second: number) => number;

export const shapes = ["constant", "square", "sawtooth", "burst", "slow-start"] as const;
export type Shape = (typeof shapes)[number];

export interface Trace {
  readonly shape: Shape;
  /** Highest rate, in tasks a second. */
  readonly peak: number;
  /** In seconds. */
  readonly period: number;
  /** Random deviation of the rate, as a share of it. */
  readonly noise: number;
}

/** The arrivals of a trace; `random` returns numbers in [0, 1). */
export function arrivalsOf({ shape, peak, period, noise }: Trace, random: () => number): Arrivals {
  return (second) => {
    const deviation = 1 + noise * (2 * random() - 1);
    return Math.max(0, rateOf(shape, second, period) * peak * deviation);
  };
}

/** Share of the peak rate. */
function rateOf(shape: Shape, second: number, period: number): number {
  const phase = (second % period) / period;
  switch (shape) {
    case "constant":
      return 0.5;
    case "square":
      return phase < 0.5 ? 1 : 0.1;
    case "sawtooth":
      return phase;
    case "burst":
      return phase < 0.05 ? 1 : 0;
    case "slow-start":
      return Math.min(1, second / (4 * period));
    default:
      return shape satisfies never;
  }
}
