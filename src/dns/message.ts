/** DNS messages as values (RFC 1035, 2782, 6891). Names are labels joined by dots, without one at the end; the root is empty. */

export const TYPES = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, TXT: 16, AAAA: 28, SRV: 33, OPT: 41, ANY: 255 } as const;

export const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, BADVERS: 16 } as const;

export type Rcode = keyof typeof RCODES;

export interface Soa {
  readonly mname: string;
  readonly rname: string;
  readonly serial: number;
  /** Seconds, as all that follow. */
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
}

interface Owned {
  readonly name: string;
  /** Seconds. */
  readonly ttl: number;
}

export type ResourceRecord = Owned &
  (
    | { readonly type: 'A' | 'AAAA'; readonly address: string }
    | { readonly type: 'NS' | 'CNAME' | 'PTR'; readonly target: string }
    | { readonly type: 'TXT'; readonly text: string }
    | { readonly type: 'SRV'; readonly priority: number; readonly weight: number; readonly port: number; readonly target: string }
    | ({ readonly type: 'SOA' } & Soa)
  );

export interface Question {
  /** In the spelling of the client: answers repeat it. */
  readonly name: string;
  /** Number of the record type; may be one that nobody here knows. */
  readonly type: number;
  readonly class: number;
}

/** What the client says in its OPT record. */
export interface Edns {
  /** Bytes that it takes over UDP. */
  readonly udpSize: number;
  readonly version: number;
  /** The option of RFC 7871 as it came, which an answer repeats; its scope is the whole world. */
  readonly clientSubnet?: Buffer;
}

export interface Query {
  readonly id: number;
  readonly opcode: number;
  readonly recursionDesired: boolean;
  readonly question: Question;
  readonly edns?: Edns;
}

/** What there is to say to a question. */
export interface Reply {
  readonly rcode: Rcode;
  readonly authoritative: boolean;
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  readonly additionals: readonly ResourceRecord[];
  /** There was more than fits. */
  readonly truncated?: boolean;
}
