/** A request that was read to its end. Text is bytes as latin1. */
export interface ReadRequest {
  readonly method: string;
  /** As it was sent, or as a path. */
  readonly target: string;
  readonly body: string;
}

/** What a parser made of the bytes of one connection. */
export interface Reading {
  readonly requests: readonly ReadRequest[];
  /** Why it read no further. Absent: it waits for more, or has closed after its last request. */
  readonly fault?: string;
  /** It closed because a request said so; what came after that was not looked at. */
  readonly closed?: boolean;
}
