/** What one shard can have without another: a file, or a case of a file whose cases are independent. */
export interface Unit {
  /** Path below test/. */
  readonly file: string;
  readonly case?: string;
  /** What it took when it was last recorded. */
  readonly seconds: number;
}

/** One of several parts of the full tier; both count from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** @throws RangeError for anything but "i/n" with 1 <= i <= n */
export function parseShard(text: string): Shard {
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index === undefined || of === undefined || index < 1 || index > of) {
    throw new RangeError(`a shard is i/n with 1 <= i <= n, not "${text}"`);
  }
  return { index, of };
}

/**
 * Cuts units into parts of about the same length: the longest first, each to the part that is the shortest so far (Graham's LPT rule,
 * "Bounds on Multiprocessing Timing Anomalies", 1969). The same units give the same parts, whatever their order.
 */
export function cut(units: readonly Unit[], parts: number): readonly (readonly Unit[])[] {
  const made = Array.from({ length: parts }, (): { seconds: number; units: Unit[] } => ({ seconds: 0, units: [] }));
  const longestFirst = [...units].sort((a, b) => b.seconds - a.seconds || (idOf(a) < idOf(b) ? -1 : 1));
  for (const unit of longestFirst) {
    const shortest = made.reduce((least, part) => (part.seconds < least.seconds ? part : least));
    shortest.units.push(unit);
    shortest.seconds += unit.seconds;
  }
  return made.map((part) => part.units);
}

export function secondsOf(units: readonly Unit[]): number {
  return units.reduce((sum, { seconds }) => sum + seconds, 0);
}

export function idOf({ file, case: name }: Unit): string {
  return name === undefined ? file : `${file}: ${name}`;
}
