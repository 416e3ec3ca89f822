import type { Client } from './client.ts';

/**
 * One sort of state that a writer changes over and over, one change after the other, each with the next number. What is there
 * after a crash must be the last number that was acknowledged, or the one behind it, whole.
 */
export interface Writer {
  readonly name: string;
  /** Rejects when no answer comes; throws a Refused when the answer is not the one of a write that was made. */
  write(client: Client, n: number): Promise<void>;
  /** The number that is there, 0 for nothing. Throws an Error when it is half of two. */
  read(client: Client): Promise<number>;
}

export class Refused extends Error {}

async function must(
  client: Client,
  method: string,
  path: string,
  body: unknown,
  accept: (text: string) => boolean = () => true,
): Promise<string> {
  const { status, text } = await client.send(method, path, body);
  if (status !== 200 || !accept(text)) throw new Refused(`${method} ${path}: ${status} ${text}`);
  return text;
}

const numberOf = (text: string | undefined): number => (text === undefined ? 0 : Number(text));
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const decode = (text: string): string => Buffer.from(text, 'base64').toString();

interface KvRow {
  readonly Value: string;
  readonly Session?: string;
}

function kv(key: string): Writer {
  return {
    name: `kv ${key}`,
    write: async (client, n) =>
      void (await must(client, 'PUT', `/v1/kv/${key}`, `${n} ${'x'.repeat(n % 900)}`, (text) => text.trim() === 'true')),
    read: async (client) => {
      const [row] = (await client.json<KvRow[]>(`/v1/kv/${key}`)) ?? [];
      const [n, filler] = row ? decode(row.Value).split(' ') : ['0'];
      if (filler !== undefined && filler.length !== Number(n) % 900) throw new Error(`kv ${key} has half a value`);
      return Number(n);
    },
  };
}

/** Two keys in one transaction. */
function transaction(key: string): Writer {
  const keys = [`${key}/left`, `${key}/right`];
  return {
    name: `txn ${key}`,
    write: async (client, n) =>
      void (await must(
        client,
        'PUT',
        '/v1/txn',
        keys.map((Key) => ({ KV: { Verb: 'set', Key, Value: base64(String(n)) } })),
      )),
    read: async (client) => {
      const values = await Promise.all(
        keys.map(async (one) => numberOf((await client.json<KvRow[]>(`/v1/kv/${one}`))?.map((row) => decode(row.Value))[0])),
      );
      if (values[0] !== values[1]) throw new Error(`txn ${key} is half done: ${values.join(' and ')}`);
      return values[0]!;
    },
  };
}

function configEntry(name: string): Writer {
  return {
    name: `config ${name}`,
    write: async (client, n) => {
      const body = { Kind: 'service-defaults', Name: name, Protocol: n % 2 === 0 ? 'http' : 'grpc', Meta: { n: String(n) } };
      await must(client, 'PUT', '/v1/config', body, (text) => text.trim() === 'true');
    },
    read: async (client) => {
      const entry = await client.json<{ Protocol: string; Meta: { n: string } }>(`/v1/config/service-defaults/${name}`);
      if (entry && entry.Protocol !== (Number(entry.Meta.n) % 2 === 0 ? 'http' : 'grpc')) throw new Error(`config ${name} is half of two`);
      return numberOf(entry?.Meta.n);
    },
  };
}

/** A node with a service and a check, in one registration. */
function registration(node: string): Writer {
  return {
    name: `catalog ${node}`,
    write: async (client, n) => {
      const Meta = { n: String(n) };
      const body = {
        Node: node,
        Address: '127.0.0.1',
        NodeMeta: Meta,
        Service: { Service: `app-${node}`, Port: 80, Meta },
        Check: { Node: node, CheckID: 'alive', Name: 'alive', Status: 'passing', Output: String(n) },
      };
      await must(client, 'PUT', '/v1/catalog/register', body, (text) => text.trim() === 'true');
    },
    read: async (client) => {
      const found = await client.json<{ Node: { Meta: { n: string } }; Service: { Meta: { n: string } }; Checks: { Output: string }[] }[]>(
        `/v1/health/service/app-${node}`,
      );
      const [one] = found ?? [];
      const numbers = one ? [one.Node.Meta.n, one.Service.Meta.n, one.Checks[0]?.Output] : ['0'];
      if (new Set(numbers).size !== 1) throw new Error(`catalog ${node} is half registered: ${numbers.join(', ')}`);
      return Number(numbers[0]);
    },
  };
}

/** A lock that each session takes from the one before it, which ends: a lock is never held by a session that is none. */
function lock(key: string): Writer {
  const find = async (client: Client): Promise<{ row: KvRow | undefined; sessions: { ID: string; Name: string }[] }> => {
    const [rows, all] = await Promise.all([
      client.json<KvRow[]>(`/v1/kv/${key}`),
      client.json<{ ID: string; Name: string }[]>('/v1/session/list'),
    ]);
    return { row: rows?.[0], sessions: (all ?? []).filter((one) => one.Name.startsWith(`${key} `)) };
  };
  return {
    name: `lock ${key}`,
    write: async (client, n) => {
      const { sessions } = await find(client);
      for (const { ID } of sessions) await must(client, 'PUT', `/v1/session/destroy/${ID}`, undefined);
      const { ID } = JSON.parse(await must(client, 'PUT', '/v1/session/create', { Name: `${key} ${n}`, LockDelay: '0s' })) as {
        ID: string;
      };
      await must(client, 'PUT', `/v1/kv/${key}?acquire=${ID}`, String(n), (text) => text.trim() === 'true');
    },
    read: async (client) => {
      const { row, sessions } = await find(client);
      const holder = sessions.find((one) => one.ID === row?.Session);
      if (row?.Session && !holder) throw new Error(`${key} is locked by a session that is not there`);
      if (holder && row && holder.Name !== `${key} ${decode(row.Value)}`)
        throw new Error(`${key} has the lock of one and the value of another`);
      return numberOf(row && decode(row.Value));
    },
  };
}

/** Another lifetime for each number, and now and then another root. */
function authority(): Writer {
  return {
    name: 'ca',
    write: async (client, n) => {
      const Config = { LeafCertTTL: `${60 + n}m`, PrivateKeyBits: n % 20 < 10 ? 256 : 384 };
      await must(client, 'PUT', '/v1/connect/ca/configuration', { Provider: 'consul', Config });
    },
    read: async (client) => {
      const shown = await client.json<{ Config: { LeafCertTTL: string; PrivateKeyBits?: number } }>('/v1/connect/ca/configuration');
      const roots = await client.json<{ Roots: { Active: boolean; PrivateKeyBits: number; RootCert: string }[] }>('/v1/connect/ca/roots');
      const [active, ...others] = roots!.Roots.filter((root) => root.Active);
      const { LeafCertTTL, PrivateKeyBits = 256 } = shown!.Config;
      if (!active || others.length > 0 || active.PrivateKeyBits !== PrivateKeyBits)
        throw new Error('the CA has another root than its configuration');
      const leaf = await client.json<{ CertPEM: string }>('/v1/agent/connect/ca/leaf/web');
      const { X509Certificate } = await import('node:crypto');
      if (!new X509Certificate(leaf!.CertPEM).verify(new X509Certificate(active.RootCert).publicKey))
        throw new Error('the CA signs with another key');
      return LeafCertTTL === '72h' ? 0 : Number.parseInt(LeafCertTTL, 10) - 60;
    },
  };
}

export const WRITERS: readonly Writer[] = [
  ...['a', 'b', 'c', 'd'].map(kv),
  ...['p', 'q'].map(transaction),
  ...['web', 'api'].map(configEntry),
  ...['n1', 'n2'].map(registration),
  lock('leader'),
  authority(),
];
