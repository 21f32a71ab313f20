import { expect, test } from "vitest";
import { documents } from "./cluster.ts";
import { type Edit, edited, valueAt } from "./edit.ts";
import { allFields, fieldsAt } from "./fields.ts";
import { groups } from "./groups.ts";
import { applied, refused } from "./table.ts";

test("every blueprint and every field is edited", () => {
  const now = new Map(documents());
  expect(Object.values(groups).flat().sort()).toEqual([...now.keys()].sort());
  const touched = [...applied, ...refused].flatMap((edit: Edit) => {
    const before = now.get(edit.blueprint);
    const after = edited(before, edit);
    now.set(edit.blueprint, after);
    return Object.keys(edit.edit).flatMap((place) => fieldsAt(place, valueAt(after, place) ?? valueAt(before, place)));
  });
  expect([...allFields()].filter((field) => !touched.includes(field))).toEqual([]);
});
