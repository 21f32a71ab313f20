import { heartbeatCommand } from "../instance-env.ts";

const periodSeconds = 10;

/** Health of the built-in agent, by its heartbeat file. */
export function healthProbes() {
  const exec = { command: [...heartbeatCommand] };
  return {
    startupProbe: { exec, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 60 },
    readinessProbe: { exec, periodSeconds, timeoutSeconds: 5 },
    livenessProbe: { exec, periodSeconds, timeoutSeconds: 5, failureThreshold: 6 },
  };
}
