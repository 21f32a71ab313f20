import {
  Eip,
  InternetGateway,
  NatGateway,
  Route,
  RouteTable,
  RouteTableAssociation,
  Subnet,
  Vpc,
} from "@pulumi/aws/ec2/index.js";
import { getAvailabilityZonesOutput } from "@pulumi/aws/getAvailabilityZones.js";
import type * as pulumi from "@pulumi/pulumi";
import { partName } from "../../part-name.ts";
import { type Account, tagsOf } from "./account.ts";

/** EKS requires two zones. Each has a small public subnet and a large private one for the nodes. */
const zones = [
  { publicCidr: "10.64.0.0/20", privateCidr: "10.64.64.0/18" },
  { publicCidr: "10.64.16.0/20", privateCidr: "10.64.128.0/18" },
] as const;

export interface ClusterNetwork {
  /** Of the nodes. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The route to the internet: created before the first node, deleted after the last. */
  readonly wayOut: pulumi.Resource[];
}

/** Subnets of the nodes: the named ones, or a network of the cluster's own with one NAT gateway. */
export function createNetwork(account: Account): ClusterNetwork {
  const { plan, aws, options } = account;
  if (aws.network.kind === "subnets") return { subnetIds: [...aws.network.ids], wayOut: [] };
  const vpc = new Vpc(
    partName(plan.resource, "vpc"),
    { cidrBlock: aws.network.cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: tags("vpc") },
    options,
  );
  const names = getAvailabilityZonesOutput({ state: "available" }, options).names;
  const wayOut: pulumi.Resource[] = [];
  return { subnetIds: createClosedSubnets(createOpenSubnets()), wayOut };

  function createOpenSubnets(): Subnet {
    const gateway = new InternetGateway(part("internet"), { vpcId: vpc.id, tags: tags("internet") }, options);
    const table = createTable("public", { gatewayId: gateway.id });
    const subnets = zones.map(({ publicCidr }, index) =>
      createSubnet(`public-${index}`, publicCidr, index, table, { "kubernetes.io/role/elb": "1" }),
    );
    const [first] = subnets;
    if (first === undefined) throw new TypeError("no zones");
    return first;
  }

  function createClosedSubnets(publicSubnet: Subnet): pulumi.Output<string>[] {
    const address = new Eip(part("nat"), { domain: "vpc", tags: tags("nat") }, options);
    const nat = new NatGateway(
      part("nat"),
      { allocationId: address.id, subnetId: publicSubnet.id, tags: tags("nat") },
      { ...options, dependsOn: [...wayOut] },
    );
    const table = createTable("private", { natGatewayId: nat.id });
    return zones.map(
      ({ privateCidr }, index) =>
        createSubnet(`private-${index}`, privateCidr, index, table, { "kubernetes.io/role/internal-elb": "1" }).id,
    );
  }

  function createTable(
    name: string,
    way: { gatewayId?: pulumi.Output<string>; natGatewayId?: pulumi.Output<string> },
  ): RouteTable {
    const table = new RouteTable(part(name), { vpcId: vpc.id, tags: tags(name) }, options);
    const args = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", ...way };
    wayOut.push(new Route(part(name), args, options));
    return table;
  }

  function createSubnet(
    name: string,
    cidrBlock: string,
    zone: number,
    table: RouteTable,
    marks: Record<string, string>,
  ): Subnet {
    const availabilityZone = names.apply((all) => all[zone] ?? "");
    const args = { vpcId: vpc.id, cidrBlock, availabilityZone, tags: { ...tags(name), ...marks } };
    const subnet = new Subnet(part(name), args, options);
    wayOut.push(new RouteTableAssociation(part(name), { subnetId: subnet.id, routeTableId: table.id }, options));
    return subnet;
  }

  function part(name: string): string {
    return partName(plan.resource, name);
  }

  function tags(name: string): Record<string, string> {
    return tagsOf(account, part(name));
  }
}
