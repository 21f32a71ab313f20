const words = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  same: "unchanged",
} as const;
const future = {
  create: "to create",
  update: "to update",
  replace: "to replace",
  delete: "to delete",
  same: "unchanged",
} as const;

/** "3 created, 1 updated, 2 unchanged"; in the future tense for a plan. */
export function summarise(
  changes: Readonly<Partial<Record<string, number>>>,
  tense: "past" | "future" = "past",
): string {
  const by = tense === "past" ? words : future;
  const parts = (Object.keys(words) as (keyof typeof words)[]).flatMap((op) => {
    const count = changes[op] ?? 0;
    return count === 0 ? [] : [`${count} ${by[op]}`];
  });
  return parts.length === 0 ? "nothing to do" : parts.join(", ");
}
