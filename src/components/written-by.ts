/** Set by the doors to the engine: a JSON object, by provider, of which plugin it uses ("official 4.34.2"). */
export const pluginsVariable = "SWARM_PROVIDER_PLUGINS";

/** Which plugins write the state, for the state itself; undefined where no door said so. */
export function writtenBy(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> | undefined {
  const text = env[pluginsVariable];
  return text === undefined || text === "" ? undefined : (JSON.parse(text) as Record<string, string>);
}
