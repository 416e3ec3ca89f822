/** The Consul version whose API and commands these are; clients switch features on by it. */
export const CONSUL_COMPATIBILITY = '1.21.0';

/** Which Consul's JSON, texts and codes are used where they differ: those of 1.8, or of the newer ones. */
export type Compat = '1.8' | 'newer';

export const consulVersion = (compat: Compat): string => (compat === '1.8' ? '1.8.7' : CONSUL_COMPATIBILITY);
