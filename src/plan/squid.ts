import type { EgressRule } from "../blueprint/model.ts";

/**
 * A squid.conf that allows the destinations of the rules only: no cache and no files, so that it runs
 * without root on a read-only disk. A host name matches itself only, not its subdomains.
 */
export function squidConfig(rules: readonly EgressRule[], port: number): string {
  const lines = rules.flatMap((rule, index) => {
    const acl = `r${index}`;
    const where = rule.kind === "host" ? `acl ${acl} dstdomain -n ${rule.host}` : `acl ${acl} dst ${rule.cidr}`;
    if (rule.port === undefined) return [where, `http_access allow ${acl}`];
    return [where, `acl ${acl}p port ${rule.port}`, `http_access allow ${acl} ${acl}p`];
  });
  return [
    `http_port ${port}`,
    ...lines,
    "http_access deny all",
    "cache deny all",
    "cache_mem 8 MB",
    "pid_filename none",
    "access_log stdio:/dev/stdout",
    "cache_log stdio:/dev/stderr",
    "coredump_dir /tmp",
    "netdb_filename none",
    "shutdown_lifetime 5 seconds",
    "",
  ].join("\n");
}
