import { nearest } from '../base/suggest.ts';

/** Programs of this package, each a process of its own. */
export const OWN_PROGRAMS = ['fake-service', 'docs', 'traces'] as const;
export type OwnProgram = (typeof OWN_PROGRAMS)[number];

/** An image that this package implements itself. Pure: what to run is decided here, how is the driver's affair. */
export interface BuiltinImage {
  /**
   * `fake-service`, `docs`, `traces`: programs of this package. `consul`: Consul's command line, which is ours; `consul agent` is no
   * process but a datacenter of the agent. `command`: whatever the command names, run as a program of this machine.
   */
  readonly program: OwnProgram | 'consul' | 'command';
  readonly tag: string;
  /**
   * A "VM" image: beside the application it runs a Consul client and a sidecar, configured by the service definitions
   * mounted below /config (fake-service's `vm-` tags).
   */
  readonly vm: boolean;
  /** It registers SERVICE_CONFIG when it starts, and `consul connect envoy` in it is a sidecar (nicholasjackson/consul-envoy). */
  readonly registers: boolean;
  /** The image's own ENV. */
  readonly env: Readonly<Record<string, string>>;
}

const FAKE_SERVICE = 'nicholasjackson/fake-service';

const PROGRAMS: Readonly<Record<string, BuiltinImage['program']>> = {
  [FAKE_SERVICE]: 'fake-service',
  consul: 'consul',
  'hashicorp/consul': 'consul',
  'nicholasjackson/consul-envoy': 'consul',
  'shipyardrun/tools': 'command',
  'shipyardrun/docs': 'docs',
  'jaegertracing/all-in-one': 'traces',
};

/** `docker.io/`, `registry/…` prefixes, tag and digest taken apart as Docker does; no tag means `latest`. */
export function parseImage(reference: string): { name: string; tag: string } {
  const withoutDigest = reference.split('@', 1)[0]!;
  const colon = withoutDigest.lastIndexOf(':');
  const hasTag = colon > withoutDigest.lastIndexOf('/');
  const name = (hasTag ? withoutDigest.slice(0, colon) : withoutDigest).replace(/^(docker\.io|index\.docker\.io)\//, '');
  return { name, tag: hasTag ? withoutDigest.slice(colon + 1) : 'latest' };
}

/** The built-in implementation of an image, or undefined if it needs a container engine. */
export function builtinImage(reference: string): BuiltinImage | undefined {
  const { name, tag } = parseImage(reference);
  const program = PROGRAMS[name.replace(/^library\//, '')];
  if (program === undefined) return undefined;
  const vm = program === 'fake-service' && tag.startsWith('vm-');
  return { program, tag, vm, registers: vm || name === 'nicholasjackson/consul-envoy', env: environmentOf(program, tag) };
}

function environmentOf(program: BuiltinImage['program'], tag: string): Readonly<Record<string, string>> {
  if (program === 'fake-service') return { LISTEN_ADDR: '0.0.0.0:9090', MESH_IMAGE_TAG: tag };
  if (program === 'traces') return { COLLECTOR_ADDR: '0.0.0.0:9411', QUERY_ADDR: '0.0.0.0:16686', ADMIN_ADDR: '0.0.0.0:14269' };
  return {};
}

/** Whether a program is one of this package. */
export const isOwnProgram = (program: string | undefined): program is OwnProgram =>
  (OWN_PROGRAMS as readonly (string | undefined)[]).includes(program);

/** What to tell someone whose image can't run here. */
export function unresolvedImageHint(reference: string): string {
  const { name } = parseImage(reference);
  const near = nearest(name, Object.keys(PROGRAMS));
  if (near !== undefined) return `did you mean "${near}"? It is built in; for others, ${mappingHint(reference)}`;
  const list = Object.keys(PROGRAMS)
    .map((image) => `${image}:<tag>`)
    .join(', ');
  return `${mappingHint(reference)}; built in are: ${list}`;
}

/** The mapping to write, and where. */
const mappingHint = (reference: string): string =>
  `let a program of yours stand for it, in .mesh.hcl: image ${JSON.stringify(withoutTag(reference))} { command = ["node", "server.js"] }`;

const withoutTag = (reference: string): string => reference.split('@', 1)[0]!.replace(/:[^/:]*$/, '');
