/** The Consul version whose API and commands these are; clients switch features on by it. */
export const CONSUL_COMPATIBILITY = '1.21.0';
