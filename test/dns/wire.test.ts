import * as oracle from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressBytes } from '../../src/base/ip-address.ts';
import { addressOfReverseName, formatAddress } from '../../src/dns/address.ts';
import { type Query, type Reply, type ResourceRecord, TYPES } from '../../src/dns/message.ts';
import { MalformedQuery, readQuery, readResponse } from '../../src/dns/read.ts';
import { writeFailure, writeQuestion, writeReply } from '../../src/dns/write.ts';

const query = (name: string, type: number, edns?: Query['edns']): Query => ({
  id: 4711,
  opcode: 0,
  recursionDesired: true,
  question: { name, type, class: 1 },
  ...(edns ? { edns } : {}),
});
const reply = (answers: readonly ResourceRecord[], more: Partial<Reply> = {}): Reply => ({
  rcode: 'NOERROR',
  authoritative: true,
  answers,
  authorities: [],
  additionals: [],
  ...more,
});
const plain = { recursionAvailable: false };

describe('replies are what another reader of the format reads', () => {
  const name = 'web.service.consul';
  const soa = { mname: 'ns.consul', rname: 'hostmaster.consul', serial: 7, refresh: 3600, retry: 600, expire: 86_400, minimum: 5 };
  it.each<[string, ResourceRecord, object]>([
    ['A', { type: 'A', name, ttl: 5, address: '10.1.2.3' }, { data: '10.1.2.3' }],
    ['AAAA', { type: 'AAAA', name, ttl: 0, address: 'fe80::1:0' }, { data: 'fe80::1:0' }],
    ['CNAME', { type: 'CNAME', name, ttl: 1, target: 'www.example.com' }, { data: 'www.example.com' }],
    ['PTR', { type: 'PTR', name, ttl: 1, target: 'a.node.dc1.consul' }, { data: 'a.node.dc1.consul' }],
    ['NS', { type: 'NS', name, ttl: 1, target: 'ns.consul' }, { data: 'ns.consul' }],
    ['TXT', { type: 'TXT', name, ttl: 1, text: 'zone=ä' }, { data: [Buffer.from('zone=ä')] }],
    [
      'long TXT',
      { type: 'TXT', name, ttl: 1, text: 'x'.repeat(300) },
      { data: [Buffer.from('x'.repeat(255)), Buffer.from('x'.repeat(45))] },
    ],
    [
      'SRV',
      { type: 'SRV', name, ttl: 1, priority: 1, weight: 2, port: 8080, target: 'x.addr.dc1.consul' },
      { data: { priority: 1, weight: 2, port: 8080, target: 'x.addr.dc1.consul' } },
    ],
    ['SOA', { type: 'SOA', name: 'consul', ttl: 1, ...soa }, { data: expect.objectContaining({ ...soa, mname: 'ns.consul' }) as object }],
  ])('%s', (_, record, expected) => {
    const read = oracle.decode(writeReply(query(name, 255), reply([record]), plain));
    expect(read).toMatchObject({ id: 4711, type: 'response', flag_aa: true, flag_rd: true, flag_ra: false, flag_tc: false });
    expect(read.questions).toMatchObject([{ name, type: 'ANY', class: 'IN' }]);
    expect(read.answers).toMatchObject([{ name: record.name, type: record.type, ttl: record.ttl, ...expected }]);
  });

  it('names that repeat are pointed at, in any spelling, and in full where that is asked for', () => {
    const answers: ResourceRecord[] = Array.from({ length: 40 }, (_, i) => ({
      type: 'A',
      name: 'WEB.service.consul',
      ttl: 0,
      address: `10.0.0.${i}`,
    }));
    const short = writeReply(query(name, TYPES.A), reply(answers), plain);
    const long = writeReply(query(name, TYPES.A), reply(answers), { ...plain, withoutCompression: true });
    expect(short.length).toBe(12 + 24 + 40 * 16);
    expect(long.length).toBe(12 + 24 + 40 * 34);
    expect(oracle.decode(long).answers!.map((answer) => answer.name)).toEqual(
      oracle.decode(short).answers!.map(() => 'WEB.service.consul'),
    );
  });

  it('answers EDNS with its own size and gives the client subnet back for everybody', () => {
    const clientSubnet = Buffer.from([0, 1, 24, 0, 10, 1, 2]);
    const bytes = writeReply(query(name, 1, { udpSize: 4096, version: 0, clientSubnet }), reply([]), plain);
    const [opt] = oracle.decode(bytes).additionals as oracle.OptAnswer[];
    expect(opt).toMatchObject({ type: 'OPT', udpPayloadSize: 1232, options: [{ code: 8, sourcePrefixLength: 24, scopePrefixLength: 0 }] });
  });

  it('leaves out a record whose name no message can hold', () => {
    const bad: ResourceRecord = { type: 'PTR', name, ttl: 0, target: `${'n'.repeat(64)}.node.consul` };
    expect(oracle.decode(writeReply(query(name, 12), reply([bad]), plain)).answers).toEqual([]);
  });
});

describe('questions', () => {
  it.each([
    ['web.service.consul', 'SRV', undefined],
    ['1.2.3.4.in-addr.arpa', 'PTR', 4096],
    ['', 'NS', 1232],
  ] as const)('%s %s is read as another program writes it', (name, type, udp) => {
    const additionals =
      udp === undefined
        ? []
        : [
            {
              type: 'OPT' as const,
              name: '.',
              udpPayloadSize: udp,
              flags: 0,
              extendedRcode: 0,
              ednsVersion: 0,
              flag_do: false,
              options: [],
            },
          ];
    const bytes = oracle.encode({
      type: 'query',
      id: 5,
      flags: oracle.RECURSION_DESIRED,
      questions: [{ name, type, class: 'IN' }],
      additionals,
    });
    expect(readQuery(bytes)).toEqual({
      id: 5,
      opcode: 0,
      recursionDesired: true,
      question: { name, type: TYPES[type], class: 1 },
      ...(udp === undefined ? {} : { edns: { udpSize: udp, version: 0 } }),
    });
  });

  it('our own are read by others', () => {
    expect(oracle.decode(writeQuestion(9, 'example.com', TYPES.AAAA))).toMatchObject({
      id: 9,
      type: 'query',
      questions: [{ name: 'example.com', type: 'AAAA' }],
    });
  });

  const header = (flags: number, questions = 1): number[] => [0, 7, flags >> 8, flags & 255, 0, questions, 0, 0, 0, 0, 0, 0];
  it.each([
    ['nothing', [], undefined],
    ['an answer', [...header(0x8000), 0, 0, 1, 0, 1], undefined],
    ['another operation', header(0x2800), { id: 7, rcode: 4 }],
    ['no question', header(0, 0), { id: 7, rcode: 1 }],
    ['two questions', header(0, 2), { id: 7, rcode: 1 }],
    ['a name that ends too early', [...header(0), 5, 97], { id: 7, rcode: 1 }],
    ['a name that points at itself', [...header(0), 0xc0, 12, 0, 1, 0, 1], { id: 7, rcode: 1 }],
    ['a name that points forward', [...header(0), 0xc0, 20, 0, 1, 0, 1, 0, 0, 0], { id: 7, rcode: 1 }],
    ['a label of another kind', [...header(0), 0x41, 0, 0, 1, 0, 1], { id: 7, rcode: 1 }],
    ['no type', [...header(0), 0, 0], { id: 7, rcode: 1 }],
  ])('%s', (_, bytes, expected) => {
    const error = (() => {
      try {
        return readQuery(Buffer.from(bytes));
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(MalformedQuery);
    expect((error as MalformedQuery).reply).toEqual(expected);
    if (expected) expect(oracle.decode(writeFailure(expected))).toMatchObject({ id: 7, type: 'response' });
  });

  it('any bytes are read or refused, and nothing else happens', () => {
    const bytes = fc.tuple(
      fc.constant(header(0x0100)),
      fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0xc0, 12)), { maxLength: 60 }),
    );
    fc.assert(
      fc.property(bytes, ([head, rest]) => {
        const message = Buffer.from([...head, ...rest]);
        try {
          readQuery(message);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedQuery);
        }
        message[2] = 0x80;
        try {
          readResponse(message);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

describe('addresses', () => {
  it.each([
    ['10.1.2.3', '0a010203'],
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['fe80::1:0', `fe80${'0'.repeat(20)}00010000`],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['1:0:0:4::8', '00010000000000040000000000000008'],
  ])('%s', (text, hex) => {
    expect(addressBytes(text)?.toString('hex')).toBe(hex);
    expect(formatAddress(Buffer.from(hex, 'hex'))).toBe(text);
  });

  it('an address with the older one in it', () =>
    expect(addressBytes('::ffff:10.0.0.1')?.toString('hex')).toBe(`${'0'.repeat(20)}ffff0a000001`));

  it.each(['', '1.2.3', '1.2.3.256', '01.2.3.4', 'a.b.c.d', ':', ':::', '1::2::3', '12345::', '1:2:3:4:5:6:7', 'www.example.com'])(
    '%j is none',
    (text) => expect(addressBytes(text)).toBeUndefined(),
  );

  it.each([
    ['4.3.2.1.in-addr.arpa', '1.2.3.4'],
    [`1.${'0.'.repeat(27)}0.8.e.f.IP6.ARPA`, 'fe80::1'],
    ['3.2.1.in-addr.arpa', undefined],
    ['300.3.2.1.in-addr.arpa', undefined],
    ['web.service.consul', undefined],
  ])('%s reads back as %s', (name, address) => expect(addressOfReverseName(name)).toBe(address));
});
