/** The items in an order of which each is as likely (Fisher and Yates). `below(n)` is a whole number from 0 to n - 1, all alike. */
export function shuffled<T>(items: readonly T[], below: (end: number) => number): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = below(last + 1);
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}
