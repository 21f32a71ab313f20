/** A unit that a shard can run alone: a file, or a case of a file with independent cases. */
export interface Unit {
  /** Path below test/. */
  readonly file: string;
  readonly case?: string;
  /** Duration when it was last recorded. */
  readonly seconds: number;
}

/** A part of the full tier; both numbers start at 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** Parses a shard. @throws RangeError unless the text is "i/n" with 1 <= i <= n */
export function parseShard(text: string): Shard {
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index === undefined || of === undefined || index < 1 || index > of) {
    throw new RangeError(`a shard is i/n with 1 <= i <= n, not "${text}"`);
  }
  return { index, of };
}

/**
 * Distributes units to parts of similar duration: longest first, each to the shortest part so far. The result does not depend on the
 * order of the units.
 *
 * @see Graham, "Bounds on Multiprocessing Timing Anomalies" (1969): the LPT rule
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
