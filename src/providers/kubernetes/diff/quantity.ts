import { quantityOf } from "../../../control-plane/quantity.ts";

const places =
  /\.(?:(?:requests|limits|capacity|hard|max|min|default|defaultRequest|overhead|maxLimitRequestRatio)(?:\.[\w-]+|\["[^"]+"\])|sizeLimit|averageValue|divisor)$/;

/** Whether the field at a path is a quantity, which the API server rewrites (`1000m` as `1`). */
export function holdsQuantity(path: string): boolean {
  return !/^(?:metadata|data|stringData)\b/.test(path) && places.test(path);
}

export function sameQuantity(one: unknown, other: unknown): boolean {
  const [a, b] = [quantityOf(one), quantityOf(other)];
  return a !== undefined && b !== undefined && Math.abs(a - b) <= Number.EPSILON * Math.max(Math.abs(a), Math.abs(b));
}
