import type { CodeEntry } from "./entry.ts";
import { meaningCodes } from "./meaning-codes.ts";
import { shapeCodes } from "./shape-codes.ts";
import { syntaxCodes } from "./syntax-codes.ts";
import { targetCodes } from "./target-codes.ts";

const all = { ...syntaxCodes, ...shapeCodes, ...meaningCodes, ...targetCodes };

export type DiagnosticCode = keyof typeof all;

/** The values that a code's message is made of. */
export type ValuesOf<C extends DiagnosticCode> = Parameters<(typeof all)[C]["say"]>[0];

/** Every diagnostic there is; the reference page is made from it. */
export const codes: { readonly [C in DiagnosticCode]: CodeEntry<ValuesOf<C>> } = all;
