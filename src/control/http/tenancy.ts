/** There is one namespace and one partition. */
export const DEFAULT_TENANCY = { Namespace: 'default', Partition: 'default' } as const;
