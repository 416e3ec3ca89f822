/** Consul's rule, in lower case. */
export const isDatacenterName = (name: string): boolean => /^[a-z0-9_-]+$/.test(name);
