import { agentHealth } from "../instance-env.ts";

const periodSeconds = 10;

/** Health of the built-in agent: no program is started in the container for it, and the kubelet comes from its own node. */
export function healthProbes() {
  const probe = { httpGet: { ...agentHealth }, timeoutSeconds: 5 };
  return {
    startupProbe: { ...probe, periodSeconds: 1, failureThreshold: 120 },
    readinessProbe: { ...probe, periodSeconds },
    livenessProbe: { ...probe, periodSeconds, failureThreshold: 6 },
  };
}
