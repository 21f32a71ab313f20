/**
 * Measures the codec of property maps: reads a DiffRequest with three Deployments of 5 KB, and writes a CreateResponse with one, as the
 * offline plugins do. The other column is google-protobuf's Struct. Usage: node bench/wire.ts [rounds]
 */
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { takeStructs, withStructs } from "../src/providers/base/wire/fields.ts";
import { readStruct } from "../src/providers/base/wire/read-struct.ts";
import { writeStruct } from "../src/providers/base/wire/write-struct.ts";

const rounds = Number(process.argv[2] ?? 2000);
const container = (index: number) => ({
  name: `container-${index}`,
  image: "registry.example.com/team/agent:2.1",
  env: Array.from({ length: 20 }, (_, at) => ({ name: `SWARM_VARIABLE_${at}`, value: `value of ${at}` })),
  resources: { requests: { cpu: "250m", memory: "536870912" }, limits: { memory: "536870912" } },
  ports: [{ name: "api", containerPort: 7700 + index, protocol: "TCP" }],
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
});
const labels = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`swarmstack.dev/label-${at}`, `value-${at}`]));
const object = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "team-worker", namespace: "team", labels, annotations: labels },
  spec: { replicas: 3, selector: { matchLabels: labels }, template: { spec: { containers: [0, 1].map(container) } } },
};
const struct = () => structs.Struct.fromJavaScript(JSON.parse(JSON.stringify(object)) as never);
const request = new provider.DiffRequest()
  .setUrn("urn:pulumi:dev::p::kubernetes:apps/v1:Deployment::team-worker")
  .setOlds(struct())
  .setNews(struct())
  .setOldInputs(struct())
  .serializeBinary();

function measure(name: string, run: () => unknown): number {
  for (let round = 0; round < rounds / 10; round++) run();
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round++) run();
  const { user, system } = process.cpuUsage(before);
  const micros = (user + system) / rounds;
  console.log(`${name}: ${micros.toFixed(0)} µs of CPU`);
  return micros;
}

console.log(`object ${JSON.stringify(object).length} bytes of JSON, request ${request.length} bytes`);
const old = [
  measure("read, google-protobuf", () => {
    const message = provider.DiffRequest.deserializeBinary(request);
    return [message.getOlds(), message.getNews(), message.getOldInputs()].map((one) => one?.toJavaScript());
  }),
  measure("write, google-protobuf", () => new provider.CreateResponse().setProperties(struct()).serializeBinary()),
];
const own = [
  measure("read, own", () => {
    const { rest, structs: found } = takeStructs(request, [3, 4, 6]);
    provider.DiffRequest.deserializeBinary(rest);
    return [...found.values()].map(readStruct);
  }),
  measure("write, own", () =>
    withStructs(new provider.CreateResponse().serializeBinary(), new Map([[2, writeStruct(object)]])),
  ),
];
const sum = (figures: readonly number[]) => figures.reduce((total, figure) => total + figure, 0);
console.log(`${(sum(old) / sum(own)).toFixed(1)} times as fast`);
