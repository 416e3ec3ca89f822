/** A word that may come next. */
export interface Candidate {
  readonly word: string;
  /** One line, for shells that show it. */
  readonly about?: string;
}

/** What a shell can offer at one place of a line. */
export interface Offer {
  readonly candidates: readonly Candidate[];
  /** Paths of this machine as well: the shell knows best how to complete them. */
  readonly paths?: 'files' | 'folders';
}

export const NOTHING: Offer = { candidates: [] };

export const wordsOnly = (words: readonly string[], about?: string): Candidate[] =>
  words.map((word) => ({ word, ...(about === undefined ? {} : { about }) }));

/** Of two kinds of names for one place. */
export function joined(offers: readonly Offer[]): Offer {
  const paths = offers.find((offer) => offer.paths === 'files')?.paths ?? offers.find((offer) => offer.paths)?.paths;
  return { candidates: offers.flatMap((offer) => offer.candidates), ...(paths === undefined ? {} : { paths }) };
}
