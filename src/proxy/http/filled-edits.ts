import { isFieldValue } from '../../base/http-fields.ts';
import type { RequestHead } from '../http1/request.ts';
import type { Caller, EndedExchange, FormattedEdits } from './service.ts';

/** The edits with the values that this exchange gives them; the same ones where none is made of it. */
export function filledEdits<E extends FormattedEdits>(edits: E, exchange: EndedExchange): E {
  const { formats } = edits;
  if (!formats) return edits;
  const add = edits.add.flatMap((one): E['add'] => {
    const format = formats.get(one);
    if (!format) return [one];
    const value = format(exchange);
    return value !== '' && isFieldValue(value) ? [[one[0], value]] : [];
  });
  return { ...edits, add, formats: undefined };
}

/** What is known of a request before it is sent on. */
export function unsent(request: RequestHead, caller: Caller): EndedExchange {
  return {
    request,
    caller,
    plan: undefined,
    startedAt: performance.now(),
    status: 0,
    refusal: undefined,
    brokenBy: undefined,
    retries: 0,
    bytesUp: 0,
    bytesDown: 0,
    response: undefined,
    answeredAt: 0,
    reached: undefined,
  };
}
