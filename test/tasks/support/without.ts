/** A table without some of its rows. */
export function without<Name extends string, Value>(
  all: Readonly<Record<Name, Value>>,
  missing: readonly Name[],
): Partial<Record<Name, Value>> {
  const rest: Partial<Record<Name, Value>> = { ...all };
  for (const name of missing) delete rest[name];
  return rest;
}
