/** Texts by their code units, as Go sorts texts of ASCII: for `sort`. */
export const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The entries of a record by key. */
export const sortedEntries = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => compareTexts(a, b));

/** A record with its keys in order, as Go prints a map. */
export const sortedByKey = <T>(record: Readonly<Record<string, T>>): Record<string, T> => Object.fromEntries(sortedEntries(record));
