/** `GET /v1/mesh/certificates`: what the mesh vouches with, and until when. No keys. Times are milliseconds since the epoch. */
export interface Certificates {
  readonly trustDomain: string;
  /** What time it is for the agent. */
  readonly at: number;
  /** The active one first. */
  readonly roots: readonly RootInfo[];
  /** What the data plane shows to others. */
  readonly leaves: readonly LeafInfo[];
}

export interface RootInfo {
  /** SHA-1 of the certificate, `e4:86:…`. */
  readonly id: string;
  readonly commonName: string;
  /** The one that signs leaves; others are still trusted. */
  readonly active: boolean;
  /** `EC 256`, `RSA 2048` */
  readonly keyType: string;
  readonly serial: string;
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface LeafInfo {
  /** SPIFFE id; `inline-certificate/dc1/name` for one that a user gave to a gateway. */
  readonly identity: string;
  /** Ids of the proxies that show it. */
  readonly proxies: readonly string[];
  /** Other names that it has. */
  readonly dnsNames: readonly string[];
  /** Its CA's agent makes a new one in time; one that a user gave is renewed by him. */
  readonly renewed: 'by the agent' | 'by hand';
  /** Hexadecimal. */
  readonly serial: string;
  readonly notBefore: number;
  readonly notAfter: number;
}
