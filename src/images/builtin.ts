import { nearest } from '../base/suggest.ts';

/** An image that this package implements itself. Pure: what to run is decided here, how is the driver's affair. */
export interface BuiltinImage {
  readonly program: 'fake-service';
  readonly tag: string;
  /**
   * A "VM" image: beside the application it runs a Consul client and a sidecar, configured by the service definitions
   * mounted below /config (fake-service's `vm-` tags).
   */
  readonly vm: boolean;
  /** The image's own ENV. */
  readonly env: Readonly<Record<string, string>>;
}

const BUILTIN = ['nicholasjackson/fake-service'];

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
  if (name !== 'nicholasjackson/fake-service') return undefined;
  return { program: 'fake-service', tag, vm: tag.startsWith('vm-'), env: { LISTEN_ADDR: '0.0.0.0:9090', MESH_IMAGE_TAG: tag } };
}

/** What to tell someone whose image can't run here. */
export function unresolvedImageHint(reference: string): string {
  const { name } = parseImage(reference);
  const near = nearest(name, BUILTIN);
  const list = BUILTIN.map((image) => `${image}:<tag>`).join(', ');
  return near === undefined
    ? `without a container engine only built-in images run: ${list}`
    : `did you mean "${near}"? It is built in; other images need a container engine`;
}
