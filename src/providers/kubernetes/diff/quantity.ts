/** What a suffix of a Kubernetes quantity multiplies by (k8s.io/apimachinery/pkg/api/resource). */
const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const quantity = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([numkMGTPE]|[KMGTPE]i)?$/;

const places =
  /\.(?:(?:requests|limits|capacity|hard|max|min|default|defaultRequest|overhead|maxLimitRequestRatio)(?:\.[\w-]+|\["[^"]+"\])|sizeLimit|averageValue|divisor)$/;

/** Whether a quantity stands at a path: the API server writes one in its own spelling (`1000m` as `1`). */
export function holdsQuantity(path: string): boolean {
  return !/^(?:metadata|data|stringData)\b/.test(path) && places.test(path);
}

export function sameQuantity(one: unknown, other: unknown): boolean {
  const [a, b] = [quantityOf(one), quantityOf(other)];
  return a !== undefined && b !== undefined && Math.abs(a - b) <= Number.EPSILON * Math.max(Math.abs(a), Math.abs(b));
}

function quantityOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const [, digits, suffix = ""] = quantity.exec(value) ?? [];
  return digits === undefined ? undefined : Number(digits) * (factors[suffix] ?? Number.NaN);
}
