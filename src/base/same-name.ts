/** Names of services, nodes and entries compare without case, as in Consul. */
export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
