import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { AuthenticationV1Api, CoreV1Api, type V1ContainerStatus, type V1Pod } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { poll } from "../../src/platform/wait.ts";
import { useControlPlane } from "../support/servers/control-plane.ts";
import { useProcessNode } from "../support/servers/process-node.ts";
import { claim, configMap, pod, secret, shell, statefulSet, untilTerminated } from "./workloads.ts";

const plane = useControlPlane();
const node = useProcessNode(plane, {
  nodes: [
    { name: "process-0" },
    {
      name: "gpu-0",
      labels: { "nvidia.com/gpu.product": "H100" },
      taints: [{ key: "nvidia.com/gpu", effect: "NoSchedule" }],
      capacity: { "nvidia.com/gpu": "2" },
    },
  ],
  maxContainerRestartPeriod: "1s",
});

const namespace = "default";
const core = (): CoreV1Api => plane().client().makeApiClient(CoreV1Api);
const read = (name: string): Promise<V1Pod> => core().readNamespacedPod({ name, namespace });

/** Waits for what `question` answers. */
async function until<T>(what: string, question: () => Promise<T | undefined | false>): Promise<T> {
  const answer = await poll(async () => (await question().catch(() => undefined)) || undefined, {
    deadlineMs: 30_000,
    intervalMs: 50,
  });
  if (answer === undefined) throw new Error(`not within its time: ${what}\n${node().log()}`);
  return answer;
}

const isReady = ({ status }: V1Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;

function ready(name: string, also: (pod: V1Pod) => boolean = () => true): Promise<V1Pod> {
  return until(`${name} is ready`, async () => {
    const found = await read(name);
    return isReady(found) && also(found) && found;
  });
}

async function gone(name: string): Promise<void> {
  await until(`${name} is gone`, async () => {
    const { items } = await core().listNamespacedPod({ namespace });
    return items.every(({ metadata }) => metadata?.name !== name);
  });
}

const remove = (name: string, gracePeriodSeconds?: number) =>
  core().deleteNamespacedPod({ name, namespace, ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }) });

const containerOf = ({ status }: V1Pod): V1ContainerStatus | undefined => status?.containerStatuses?.[0];

interface Ended {
  readonly status: number | null;
  readonly output: string;
  readonly trouble: string;
}

async function kubectl(args: readonly string[], input = ""): Promise<Ended> {
  const child = spawn(plane().kubectl, [`--kubeconfig=${plane().kubeconfig}`, ...args]);
  child.stdin.end(input);
  let output = "";
  let trouble = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (trouble += chunk));
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, output, trouble };
}

const exec = (name: string, script: string, input?: string): Promise<Ended> =>
  kubectl(["exec", ...(input === undefined ? [] : ["-i"]), name, "--", "sh", "-c", script], input);

/** Processes of this machine that have a text in their environment. */
function processesWith(text: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "utf8").includes(text);
    } catch {
      return false;
    }
  });
}

describe("what a container is given", () => {
  test("variables, volumes and its token", async () => {
    await plane().apply([
      configMap("settings", { colour: "blue", "a.txt": "from the map" }),
      secret("password", { word: "open sesame" }),
      claim("kept"),
      pod(
        "given",
        {
          securityContext: { runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, fsGroup: 10002 },
          containers: [
            shell(untilTerminated, {
              securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
              env: [
                { name: "SELF", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
                { name: "ADDRESS", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
                { name: "LABEL", valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
                { name: "COLOUR", valueFrom: { configMapKeyRef: { name: "settings", key: "colour" } } },
                { name: "WORD", valueFrom: { secretKeyRef: { name: "password", key: "word" } } },
                { name: "BOTH", value: "$(SELF) is $(COLOUR), $$(SELF) is not" },
              ],
              envFrom: [{ prefix: "ALL_", configMapRef: { name: "settings" } }],
              resources: { limits: { cpu: "1500m" } },
              volumeMounts: [
                { name: "settings", mountPath: "/etc/settings", readOnly: true },
                { name: "password", mountPath: "/etc/password", readOnly: true },
                { name: "labels", mountPath: "/etc/about" },
                { name: "token", mountPath: "/var/run/secrets/swarmstack", readOnly: true },
                { name: "kept", mountPath: "/var/lib/swarmstack/state", subPath: "part" },
                { name: "tmp", mountPath: "/tmp" },
              ],
            }),
          ],
          volumes: [
            { name: "settings", configMap: { name: "settings", items: [{ key: "a.txt", path: "sub/a" }] } },
            { name: "password", secret: { secretName: "password" } },
            {
              name: "labels",
              downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] },
            },
            {
              name: "token",
              projected: { sources: [{ serviceAccountToken: { audience: "swarmstack", path: "token" } }] },
            },
            { name: "kept", persistentVolumeClaim: { claimName: "kept" } },
            { name: "tmp", emptyDir: {} },
          ],
        },
        { app: "given" },
      ),
    ]);
    const { status } = await ready("given");
    const { output } = await exec(
      "given",
      [
        'echo "$SELF|$LABEL|$COLOUR|$WORD|$BOTH|$ALL_colour|$ADDRESS|$HOSTNAME"',
        "cat /etc/settings/sub/a; echo; ls /etc/settings; cat /etc/password/word; echo; cat /etc/about/labels; echo",
        "id -u; id -G; touch /tmp/x /var/lib/swarmstack/state/x && echo wrote; touch /etc/x || touch /etc/settings/x || echo refused",
      ].join("; "),
    );
    expect(output.split("\n")).toEqual([
      `given|given|blue|open sesame|given is blue, $(SELF) is not|blue|${status?.podIP}|given`,
      ...["from the map", "sub", "open sesame", 'app="given"'],
      ...["10001", "10001 10002", "wrote", "refused", ""],
    ]);
    const { output: token } = await exec("given", "cat /var/run/secrets/swarmstack/token");
    const review = await plane()
      .client()
      .makeApiClient(AuthenticationV1Api)
      .createTokenReview({ body: { spec: { token, audiences: ["swarmstack"] } } });
    expect(review.status).toMatchObject({
      authenticated: true,
      audiences: ["swarmstack"],
      user: {
        username: "system:serviceaccount:default:default",
        extra: { "authentication.kubernetes.io/pod-name": ["given"] },
      },
    });
    const inCluster = await exec(
      "given",
      'cd /var/run/secrets/kubernetes.io/serviceaccount && curl -s --cacert ca.crt -H "Authorization: Bearer $(cat token)" https://kubernetes.default.svc/api/v1/namespaces/$(cat namespace)/pods',
    );
    expect(inCluster.output).toContain('\\"system:serviceaccount:default:default\\" cannot list resource');
  });

  test("its input and output by exec, and the exit status", async () => {
    const { status, output } = await exec("given", "tr a-z A-Z; exit 7", "hello\n");
    expect([status, output]).toEqual([7, "HELLO\n"]);
    expect(await exec("given", "nonsense")).toMatchObject({ status: 127 });
  });

  test("a claim keeps what was written when the pod goes", async () => {
    await exec("given", "echo remembered >/var/lib/swarmstack/state/note");
    await remove("given");
    await gone("given");
    await plane().apply([
      pod("again", {
        containers: [shell(untilTerminated, { volumeMounts: [{ name: "kept", mountPath: "/kept" }] })],
        volumes: [{ name: "kept", persistentVolumeClaim: { claimName: "kept" } }],
      }),
    ]);
    await ready("again");
    expect((await exec("again", "cat /kept/part/note")).output).toBe("remembered\n");
    await remove("again");
  });

  test("a pod with a GPU goes to the node that has one", async () => {
    const limits = { "nvidia.com/gpu": "2" };
    const tolerations = [{ key: "nvidia.com/gpu", operator: "Exists" }];
    await plane().apply([pod("gpu", { tolerations, containers: [shell(untilTerminated, { resources: { limits } })] })]);
    expect((await ready("gpu")).spec?.nodeName).toBe("gpu-0");
    await remove("gpu");
  });
});

describe("how a container ends", () => {
  test("its exit status is reported, and the pod has failed or succeeded", async () => {
    const restartPolicy = "Never";
    await plane().apply([
      pod("fails", { restartPolicy, containers: [shell("echo out; echo err >&2; exit 42")] }),
      pod("works", {
        restartPolicy,
        initContainers: [
          shell("echo made >/shared/file", { name: "first", volumeMounts: [{ name: "s", mountPath: "/shared" }] }),
        ],
        containers: [shell("cat /shared/file", { volumeMounts: [{ name: "s", mountPath: "/shared" }] })],
        volumes: [{ name: "s", emptyDir: {} }],
      }),
      pod("missing", { restartPolicy, containers: [{ name: "main", image: "host:1", command: ["/no/such"] }] }),
      pod("refused", { restartPolicy, hostNetwork: true, containers: [shell("true")] }),
    ]);
    const phase = (name: string, wanted: string) =>
      until(`${name} is ${wanted}`, async () => {
        const found = await read(name);
        return found.status?.phase === wanted && found;
      });
    expect(containerOf(await phase("fails", "Failed"))?.state?.terminated).toMatchObject({
      exitCode: 42,
      reason: "Error",
    });
    expect((await kubectl(["logs", "fails"])).output.split("\n").sort()).toEqual(["", "err", "out"]);
    expect(containerOf(await phase("works", "Succeeded"))?.state?.terminated).toMatchObject({ exitCode: 0 });
    expect((await kubectl(["logs", "works"])).output).toBe("made\n");
    expect(containerOf(await phase("missing", "Failed"))?.state?.terminated).toMatchObject({
      reason: "StartError",
      message: expect.stringContaining("/no/such"),
    });
    expect((await phase("refused", "Failed")).status?.message).toContain("hostNetwork");
    await Promise.all(["fails", "works", "missing", "refused"].map((name) => remove(name)));
  });

  test("it is started again, and the logs of before can be read", async () => {
    await plane().apply([
      pod("restarts", {
        containers: [
          shell(
            `n=$(cat /kept/n 2>/dev/null || echo 0); echo $((n+1)) >/kept/n; echo run $n; [ $n = 2 ] && { ${untilTerminated}; }; exit 1`,
            {
              volumeMounts: [{ name: "kept", mountPath: "/kept" }],
            },
          ),
        ],
        volumes: [{ name: "kept", emptyDir: {} }],
      }),
    ]);
    const found = await ready("restarts", (one) => containerOf(one)?.restartCount === 2);
    expect(containerOf(found)?.lastState?.terminated).toMatchObject({ exitCode: 1 });
    expect((await kubectl(["logs", "restarts"])).output).toBe("run 2\n");
    expect((await kubectl(["logs", "restarts", "--previous"])).output).toBe("run 1\n");
    await remove("restarts");
  });

  test("SIGTERM lets it end in its own time, and who follows its log sees the last line", async () => {
    await plane().apply([
      pod("polite", {
        containers: [
          shell('trap "echo ending; sleep 0.5; echo ended; exit 0" TERM; echo up; while :; do sleep 0.05; done', {
            lifecycle: { preStop: { exec: { command: ["sh", "-c", "echo hook >/proc/1/fd/1"] } } },
          }),
        ],
      }),
    ]);
    await ready("polite");
    const following = kubectl(["logs", "--follow", "polite"]);
    await until("it is up", async () => (await kubectl(["logs", "polite"])).output === "up\n");
    await remove("polite");
    expect((await following).output).toBe("up\nhook\nending\nended\n");
    await gone("polite");
  });

  test("who does not listen is killed when its time is over", async () => {
    await plane().apply([
      pod("deaf", {
        terminationGracePeriodSeconds: 1,
        containers: [
          shell('trap "" TERM; echo up; while :; do sleep 0.05; done', { env: [{ name: "MARK", value: "deaf-one" }] }),
        ],
      }),
    ]);
    await ready("deaf");
    expect(processesWith("MARK=deaf-one")).not.toEqual([]);
    await remove("deaf");
    await gone("deaf");
    expect(processesWith("MARK=deaf-one")).toEqual([]);
  });

  test("probes: not ready before it is, and started again when it no longer lives", async () => {
    const probe = (path: string) => ({ exec: { command: ["test", "-e", path] }, periodSeconds: 1 });
    await plane().apply([
      pod("probed", {
        containers: [
          shell(untilTerminated, {
            startupProbe: { ...probe("/tmp/started"), failureThreshold: 30 },
            readinessProbe: probe("/tmp/ready"),
            livenessProbe: { ...probe("/tmp/started"), failureThreshold: 1 },
          }),
        ],
      }),
    ]);
    await until("it runs", async () => containerOf(await read("probed"))?.state?.running);
    expect(containerOf(await read("probed"))).toMatchObject({ started: false, ready: false });
    await exec("probed", "touch /tmp/started");
    await until("it has started", async () => containerOf(await read("probed"))?.started);
    expect(isReady(await read("probed"))).toBe(false);
    await exec("probed", "touch /tmp/ready");
    await ready("probed");
    await exec("probed", "rm /tmp/started");
    const again = await until("it is started again", async () => {
      const found = containerOf(await read("probed"));
      return found?.restartCount === 1 && found;
    });
    expect(again.lastState?.terminated).toMatchObject({ exitCode: 3 });
    await remove("probed", 0);
  });
});

describe("workloads", () => {
  const web =
    'process.on("SIGTERM",()=>process.exit());require("http").createServer((q,r)=>r.end(process.env.HOSTNAME+" "+process.env.ROUND)).listen(8080)';
  const container = (round: string) => ({
    name: "main",
    image: "swarmstack/agent:0.1.0",
    command: ["node", "-e", web],
    env: [{ name: "ROUND", value: round }],
    readinessProbe: { httpGet: { port: 8080 as never }, periodSeconds: 1 },
    volumeMounts: [{ name: "state", mountPath: "/var/lib/swarmstack/state" }],
  });
  const names = ["web-0", "web-1"];

  test("pods of a set reach each other by name, and are reached by the address of a service", async () => {
    await plane().apply([
      ...statefulSet("web", 2, container("first")),
      pod("caller", { containers: [shell(untilTerminated)] }),
    ]);
    await Promise.all([...names, "caller"].map((name) => ready(name)));
    const call = async (url: string) => (await exec("caller", `curl -s --max-time 5 ${url}`)).output;
    await until("the name of a pod", async () => (await call("http://web-1.web:8080")) === "web-1 first");
    const answers = [];
    for (let n = 0; n < 4; n++) answers.push(await call("http://web-address.default.svc"));
    expect(new Set(answers)).toEqual(new Set(["web-0 first", "web-1 first"]));
    await remove("caller");
  });

  test("a set rolls one by one, and without replicas no process is left", async () => {
    await plane().apply(statefulSet("web", 2, container("second")));
    for (const name of names) {
      await ready(name, ({ spec }) => spec?.containers[0]?.env?.[0]?.value === "second");
    }
    expect(processesWith("ROUND=first")).toEqual([]);
    expect(processesWith("ROUND=second")).toHaveLength(2);
    await plane().apply(statefulSet("web", 0, container("second")));
    for (const name of names) await gone(name);
    expect(processesWith("ROUND=second")).toEqual([]);
  });

  test("when the node is killed nothing is left; started again, it starts its pods again", async () => {
    await plane().apply(statefulSet("web", 2, container("third")));
    for (const name of names) await ready(name);
    await exec("web-0", "echo kept >/var/lib/swarmstack/state/note");
    expect(processesWith("ROUND=third")).toHaveLength(2);
    await node().kill();
    await until("its processes have ended", async () => processesWith("ROUND=third").length === 0);
    expect(readFileSync("/proc/mounts", "utf8")).not.toContain(node().folder);
    await node().restart();
    for (const name of names) await ready(name, (one) => containerOf(one)?.restartCount === 1);
    expect((await exec("web-0", "cat /var/lib/swarmstack/state/note")).output).toBe("kept\n");
    await plane().apply(statefulSet("web", 0, container("third")));
    for (const name of names) await gone(name);
    expect(processesWith("ROUND=third")).toEqual([]);
  });
});
