import type { CreateTarget } from "../create-target.ts";
export const createAws: CreateTarget = () => {};
