import { messageOf } from '../../base/errors.ts';
import { HttpError } from './answer.ts';

/** The data plane answers at once; one that doesn't is in trouble. */
const ANSWER_MS = 5_000;

/** What the data plane answers, for a client that may go. Throws a 503 when it doesn't, or is not there. */
export async function fromDataplane<A>(client: AbortSignal, ask: (signal: AbortSignal) => Promise<A>): Promise<A> {
  try {
    return await ask(AbortSignal.any([client, AbortSignal.timeout(ANSWER_MS)]));
  } catch (error) {
    throw new HttpError(503, messageOf(error));
  }
}
