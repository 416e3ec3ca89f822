import type { DnsConfig } from './config.ts';
import { type Query, type Reply, type ResourceRecord, TYPES } from './message.ts';
import { type WriteOptions, writeReply } from './write.ts';

/** What a client takes over UDP that doesn't say more (RFC 1035). */
const PLAIN_UDP_BYTES = 512;
const LARGEST = 65_535;

/** The reply as it goes over the wire: as much of it as fits. Over UDP Consul answers fewer records and says so only when told to. */
export function fitReply(query: Query, reply: Reply, over: 'udp' | 'tcp', config: DnsConfig, options: WriteOptions): Buffer {
  const room = over === 'tcp' ? LARGEST : Math.max(PLAIN_UDP_BYTES, query.edns?.udpSize ?? 0);
  const limit = room === PLAIN_UDP_BYTES && config.udpAnswerLimit > 0 ? config.udpAnswerLimit : Number.POSITIVE_INFINITY;
  const limited = reply.answers.length > limit ? cut(reply, limit) : reply;
  const whole = writeReply(query, limited, options);
  if (whole.length <= room && limited === reply) return whole;
  const best = whole.length <= room ? limited : largestThatFits(query, limited, room, options);
  const lost = best.answers.length < reply.answers.length;
  const mark = lost && (over === 'tcp' || config.enableTruncate);
  return writeReply(query, { ...best, ...(mark ? { truncated: true } : {}) }, options);
}

/** Half the records are too many or not, and so on: a thousand answers take ten steps. */
function largestThatFits(query: Query, reply: Reply, room: number, options: WriteOptions): Reply {
  let [low, high] = [0, reply.answers.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (writeReply(query, cut(reply, middle), options).length <= room) low = middle;
    else high = middle - 1;
  }
  return cut(reply, low);
}

/** The first answers, and of what comes along only the addresses of their targets. */
function cut(reply: Reply, count: number): Reply {
  const answers = reply.answers.slice(0, count);
  const targets = new Set(answers.map((record) => ('target' in record ? record.target.toLowerCase() : '')));
  const seen = new Set<string>();
  const isGlue = (record: ResourceRecord): boolean => {
    const name = record.name.toLowerCase();
    if (!(record.type === 'A' || record.type === 'AAAA') || !targets.has(name) || seen.has(name)) return false;
    seen.add(name);
    return true;
  };
  return { ...reply, answers, additionals: reply.additionals.filter(isGlue) };
}

/** Whether the question is one that there can be an answer to here: of the internet, about data. */
export const isAnswerable = ({ question }: Query): boolean => question.class === 1 && question.type !== TYPES.OPT;
