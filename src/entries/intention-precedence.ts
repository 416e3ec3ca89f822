/** Consul: which of the intentions that match a connection decides; an exact destination weighs more than an exact source. */
export function intentionPrecedence(source: string, destination: string): number {
  if (destination === '*') return source === '*' ? 5 : 6;
  return source === '*' ? 8 : 9;
}
