import { instanceVariable, type SiteMark, siteIdVariable, siteVariable } from "../platform/processes/marked.ts";

/** Variables that an instance inherits; passphrases and tokens stay in the supervisor. */
const inherited = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR"] as const;

type Environment = Readonly<Record<string, string | undefined>>;

export function baseEnvironment(from: Environment): Record<string, string> {
  const base: Record<string, string> = {};
  for (const name of inherited) {
    const value = from[name];
    if (value !== undefined) base[name] = value;
  }
  return base;
}

/** Identity and configuration of an instance. */
export interface InstanceIdentity {
  readonly site: Required<SiteMark>;
  readonly cluster: string;
  readonly agent: string;
  readonly role: string;
  readonly instance: string;
  readonly stateDir: string;
  /** Undefined in the records of older versions. */
  readonly blueprintDir: string | undefined;
  readonly configFile: string;
  readonly tokenFile: string;
  /** Undefined: the cluster has no knowledge. */
  readonly knowledgeDir: string | undefined;
  /** URL of the Redis of its queue, if any. */
  readonly redis: string | undefined;
  /** Base URL of the supervisor's API; undefined: it has no port. */
  readonly api: string | undefined;
  /** Path of the Unix socket of the same API. */
  readonly socket: string;
}

/** The whole environment of an instance; the spec's `env` cannot override its identity. */
export function instanceEnvironment(
  from: Environment,
  env: Readonly<Record<string, string>>,
  identity: InstanceIdentity,
): Record<string, string> {
  return {
    ...baseEnvironment(from),
    ...env,
    SWARM_CLUSTER: identity.cluster,
    SWARM_AGENT: identity.agent,
    SWARM_ROLE: identity.role,
    SWARM_STATE_DIR: identity.stateDir,
    ...(identity.blueprintDir !== undefined && { SWARM_BLUEPRINT_DIR: identity.blueprintDir }),
    SWARM_CONFIG: identity.configFile,
    SWARM_TOKEN_FILE: identity.tokenFile,
    ...(identity.knowledgeDir !== undefined && { SWARM_KNOWLEDGE_DIR: identity.knowledgeDir }),
    ...(identity.api !== undefined && { SWARM_API: identity.api }),
    SWARM_API_SOCKET: identity.socket,
    ...(identity.redis !== undefined && { REDIS_URL: identity.redis }),
    [instanceVariable]: identity.instance,
    [siteVariable]: identity.site.dir,
    [siteIdVariable]: identity.site.id,
  };
}
