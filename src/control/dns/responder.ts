import { formatAddress } from '../../dns/address.ts';
import { answerQuestion } from '../../dns/answer.ts';
import { fitReply, isAnswerable } from '../../dns/fit.ts';
import { type Query, type Reply, type ResourceRecord, TYPES } from '../../dns/message.ts';
import { MalformedQuery, type RawRecord, readQuery, readResponse } from '../../dns/read.ts';
import type { DnsWorld } from '../../dns/world.ts';
import { writeFailure, writeQuestion, writeReply } from '../../dns/write.ts';
import type { Recursor } from './recursor.ts';

/** From the bytes of a question to those of its answer. */
export class Responder {
  readonly #world: () => DnsWorld;
  readonly #recursor: Recursor;

  constructor(world: () => DnsWorld, recursor: Recursor) {
    this.#world = world;
    this.#recursor = recursor;
  }

  /** Undefined: silence, for what is no question. */
  async respond(message: Buffer, over: 'udp' | 'tcp', signal: AbortSignal): Promise<Buffer | undefined> {
    let query: Query;
    try {
      query = readQuery(message);
    } catch (error) {
      if (!(error instanceof MalformedQuery)) throw error;
      return error.reply && writeFailure(error.reply);
    }
    const world = this.#world();
    const options = { recursionAvailable: !this.#recursor.isEmpty, withoutCompression: world.config.disableCompression };
    const refusal = (rcode: Reply['rcode']): Buffer => writeReply(query, { ...EMPTY, rcode }, options);
    if (query.edns && query.edns.version > 0) return refusal('BADVERS');
    if (!isAnswerable(query)) return refusal('REFUSED');
    const reply = answerQuestion(query.question, world);
    if (reply) return fitReply(query, await this.#completed(query, reply, signal), over, world.config, options);
    if (this.#recursor.isEmpty) return refusal('REFUSED');
    return (await this.#recursor.ask(message, over, signal)) ?? refusal('SERVFAIL');
  }

  /** A service that is an alias of a name elsewhere: what that stands for comes along, if somebody knows it. */
  async #completed(query: Query, reply: Reply, signal: AbortSignal): Promise<Reply> {
    const alias = reply.answers.flatMap((record) => (record.type === 'CNAME' ? [record.target] : []))[0];
    const { type } = query.question;
    if (alias === undefined || type === TYPES.CNAME || this.#recursor.isEmpty) return reply;
    const answer = await this.#recursor.ask(writeQuestion(0, alias, type === TYPES.ANY ? TYPES.A : type), 'udp', signal);
    if (!answer) return reply;
    return { ...reply, answers: [...reply.answers, ...readResponse(answer).answers.flatMap(known)] };
  }
}

const EMPTY = { authoritative: false, answers: [], authorities: [], additionals: [] } as const;

/** Records of the sorts that a chain of aliases is made of. */
function known({ name, type, ttl, data, target }: RawRecord): ResourceRecord[] {
  if (type === TYPES.A || type === TYPES.AAAA) return [{ name, ttl, type: type === TYPES.A ? 'A' : 'AAAA', address: formatAddress(data) }];
  return type === TYPES.CNAME && target !== undefined ? [{ name, ttl, type: 'CNAME', target }] : [];
}
