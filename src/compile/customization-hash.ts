import type { ChainOverrides } from './chain-model.ts';

/**
 * Consul's digest of the overrides that took effect: FNV-1 (64 bits) over the names and values of its struct, the first eight
 * hex digits. Clusters of proxies are named by it, so that it has to be the same everywhere.
 */
export function customizationHash({ protocol = '', connectTimeoutMs = 0, meshGateway = '' }: ChainOverrides): string {
  const gateway = ofStruct('MeshGatewayConfig', { Mode: ofText(meshGateway) });
  const whole = ofStruct('', {
    OverrideMeshGateway: gateway,
    OverrideProtocol: ofText(protocol),
    OverrideConnectTimeout: ofInteger(BigInt(Math.round(connectTimeoutMs * 1e6))),
  });
  return whole.toString(16).slice(0, 8);
}

const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

function fnv1(bytes: Uint8Array): bigint {
  let hash = OFFSET;
  for (const byte of bytes) hash = BigInt.asUintN(64, hash * PRIME) ^ BigInt(byte);
  return hash;
}

const ofText = (text: string): bigint => fnv1(Buffer.from(text));

function ofInteger(value: bigint): bigint {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return fnv1(bytes);
}

/** Fields count in any order. */
function ofStruct(type: string, fields: Readonly<Record<string, bigint>>): bigint {
  return Object.entries(fields).reduce((hash, [name, value]) => hash ^ ofPair(ofText(name), value), ofText(type));
}

function ofPair(a: bigint, b: bigint): bigint {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64LE(a);
  bytes.writeBigUInt64LE(b, 8);
  return fnv1(bytes);
}
