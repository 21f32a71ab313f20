type Environment = Readonly<Record<string, string | undefined>>;

const proxyVariables = ["grpc_proxy", "http_proxy", "https_proxy", "all_proxy"] as const;
const exemptVariables = ["no_grpc_proxy", "no_proxy", "NO_PROXY"] as const;
const loopback = ["localhost", "127.0.0.1", "::1"] as const;

/** The proxy variables that are set, in either case. */
export function proxiesOf(env: Environment): readonly string[] {
  return proxyVariables.flatMap((name) => [name, name.toUpperCase()]).filter((name) => Boolean(env[name]));
}

/**
 * The variables that exempt loopback from the proxies of an environment: engine and plugins speak gRPC to each other there. The
 * client reads `no_grpc_proxy`, else `no_proxy`, in small letters and without spaces; others read NO_PROXY. All three get the
 * user's lists together. Nothing where there is no proxy.
 */
export function loopbackExempt(env: Environment): Readonly<Record<string, string>> {
  if (proxiesOf(env).length === 0) return {};
  const listed = [...exemptVariables, "NO_GRPC_PROXY"].flatMap((name) => (env[name] ?? "").split(/[\s,;]+/));
  const list = [...new Set([...listed.filter((host) => host !== ""), ...loopback])].join(",");
  return Object.fromEntries(exemptVariables.map((name) => [name, list]));
}
