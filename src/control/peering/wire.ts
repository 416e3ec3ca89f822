import { request } from 'node:http';

/** What two agents of this program say to each other about a peering. A Consul server speaks gRPC instead, and understands none of it. */

export const EXCHANGE_PATH = '/v1/peering/exchange';

export interface ExchangeRequest {
  /** Id of the peering at the end that is called. */
  readonly PeerID: string;
  /** Of the token. Secret. */
  readonly Secret: string;
  readonly Datacenter: string;
  readonly CAPems: readonly string[];
  /** Services that the caller offers to this peer. */
  readonly ExportedServices: readonly string[];
}

export interface ExchangeReply {
  readonly Datacenter: string;
  readonly CAPems: readonly string[];
  readonly ExportedServices: readonly string[];
}

/** `gone`: the other end does not know of this peering any more, or never did. */
export type Exchanged =
  | { readonly type: 'reply'; readonly reply: ExchangeReply }
  | { readonly type: 'gone' }
  | { readonly type: 'unreached' };

const TIMEOUT_MS = 5000;
const MAX_BYTES = 1024 * 1024;

/** Tries the addresses in order, until one answers. */
export async function exchange(addresses: readonly string[], body: ExchangeRequest, signal: AbortSignal): Promise<Exchanged> {
  for (const address of addresses) {
    const answer = await post(address, body, signal).catch(() => undefined);
    if (answer?.status === 404 && answer.text.startsWith('Peering not found')) return { type: 'gone' };
    const reply = answer?.status === 200 ? replyOf(answer.text) : undefined;
    if (reply) return { type: 'reply', reply };
  }
  return { type: 'unreached' };
}

function post(address: string, body: ExchangeRequest, signal: AbortSignal): Promise<{ status: number; text: string }> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `http://${address}${EXCHANGE_PATH}`,
      {
        method: 'POST',
        agent: false,
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        let size = 0;
        incoming.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_BYTES) incoming.destroy(new Error('the answer is too large'));
          else chunks.push(chunk);
        });
        incoming.on('error', reject);
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}

/** Undefined when it is not what an agent of this program answers. */
function replyOf(text: string): ExchangeReply | undefined {
  try {
    const { Datacenter, CAPems, ExportedServices } = JSON.parse(text) as Partial<Record<keyof ExchangeReply, unknown>>;
    if (typeof Datacenter !== 'string' || !isTexts(CAPems) || !isTexts(ExportedServices)) return undefined;
    return { Datacenter, CAPems, ExportedServices };
  } catch {
    return undefined;
  }
}

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');
