import { messageOf } from '../../../base/errors.ts';
import { type Packed, PackedReader } from './msgpack.ts';

/** One row of what a snapshot holds. */
export interface StateRecord {
  /** Consul's name of what it is, or the name of our table. */
  readonly type: string;
  /** Bytes that it takes in the snapshot. */
  readonly size: number;
  readonly data: unknown;
  /** Of a row of the key-value store. */
  readonly key?: string;
}

/** Consul's types of what a snapshot holds, by number (agent/structs). Other numbers are those of later versions. */
const TYPES = [
  'Register',
  'Deregister',
  'KVS',
  'Session',
  'ACL',
  'Tombstone',
  'CoordinateBatchUpdate',
  'PreparedQuery',
  'Txn',
  'Autopilot',
  'Area',
  'ACLBootstrap',
  'Intention',
  'ConnectCA',
  'ConnectCAProviderState',
  'ConnectCAConfig',
  'Index',
  'ACLToken',
  'ACLTokenDelete',
  'ACLPolicy',
  'ACLPolicyDelete',
  'ConnectCALeaf',
  'ConfigEntry',
  'ACLRole',
  'ACLRoleDelete',
  'ACLBindingRule',
  'ACLBindingRuleDelete',
  'ACLAuthMethod',
  'ACLAuthMethodDelete',
  'ChunkingState',
  'FederationState',
  'SystemMetadata',
  'ServiceVirtualIP',
  'FreeVirtualIP',
  'KindServiceNames',
  'PeeringWrite',
  'PeeringDelete',
  'PeeringTerminateByID',
  'PeeringTrustBundleWrite',
  'PeeringTrustBundleDelete',
  'PeeringSecrets',
  'RaftLogVerifierCheckpoint',
  'Resource',
  'UpdateVirtualIP',
];

/** Everything in the state of a snapshot. Throws an Error in Consul's words. */
export function recordsOf(state: Buffer): StateRecord[] {
  return state.subarray(0, OWN.length).toString('latin1') === OWN ? ownRecords(state) : consulRecords(state);
}

/** A header, then for each row a byte that says what it is, and its fields. */
function consulRecords(state: Buffer): StateRecord[] {
  const reader = new PackedReader(state);
  const records: StateRecord[] = [];
  reader.value();
  while (!reader.done) {
    const start = reader.at;
    const number = reader.byte();
    const type = TYPES[number] ?? `Unknown(${number})`;
    try {
      const value = reader.value();
      const key = type === 'KVS' && value instanceof Map ? (value.get('Key') as Packed | undefined) : undefined;
      records.push({ type, size: reader.at - start, data: toJson(value, ''), ...(Buffer.isBuffer(key) ? { key: key.toString() } : {}) });
    } catch (error) {
      throw new Error(`failed to decode msg type ${type}, error ${messageOf(error)}`, { cause: error });
    }
  }
  return records;
}

/** Fields that are bytes, not texts, whatever they hold. */
const BYTES = new Set(['Value', 'Payload', 'Hash', 'Raw']);

function toJson(value: Packed, name: string): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (Buffer.isBuffer(value)) {
    const text = value.toString();
    return BYTES.has(name) || text.includes('\ufffd') ? value.toString('base64') : text;
  }
  if (Array.isArray(value)) return value.map((item) => toJson(item, ''));
  if (value instanceof Map) return Object.fromEntries(Array.from(value, ([key, inner]) => [key, toJson(inner, key)]));
  return value;
}

/** Our own state begins with a line that says so (src/control/snapshot/archive.ts); what follows are tables of rows, or of keys and rows. */
const OWN = 'mesh-snapshot ';

function ownRecords(state: Buffer): StateRecord[] {
  const { tables, ...own } = JSON.parse(state.subarray(state.indexOf('\n') + 1).toString()) as {
    readonly tables?: Readonly<Record<string, readonly (readonly [string, unknown])[]>>;
    readonly [table: string]: unknown;
  };
  const rows = Object.entries(own).flatMap(([type, table]) => (Array.isArray(table) ? table.map((row: unknown) => record(type, row)) : []));
  return [...rows, ...Object.entries(tables ?? {}).flatMap(([type, table]) => table.map(([key, row]) => record(type, row, key)))];
}

function record(type: string, data: unknown, key?: string): StateRecord {
  const size = Buffer.byteLength(JSON.stringify(data));
  return { type, size, data, ...(type === 'kv' && key !== undefined ? { key } : {}) };
}
