import { bool, int, list, map, nanoseconds, object, optional, string, withDefault } from '../../schema/schema.ts';
import { nullable } from '../fields.ts';

const headers = nullable(
  list(
    object({
      Add: nullable(map(string()), 'Headers to add; one that is there already gets one more value.'),
      Remove: nullable(list(string()), 'Headers to remove.'),
      Set: nullable(map(string()), 'Headers to set; one that is there already is replaced.'),
    }),
  ),
  'Edits of headers, one after the other.',
);

/** What is done to a request on its way to a service. */
export const httpFilters = object({
  Headers: headers,
  URLRewrite: nullable(object({ Path: withDefault(string(), '', 'Replaces the part of the path that matched.') }), 'Edits of the path.'),
  RetryFilter: nullable(
    object({
      NumRetries: withDefault(int(), 0, 'How often to try again.'),
      RetryOn: nullable(list(string()), 'Conditions of Envoy to try again on: 5xx, gateway-error, reset, …'),
      RetryOnStatusCodes: nullable(list(int()), 'Status codes to try again on.'),
      RetryOnConnectFailure: withDefault(bool(), false, 'Try again when no connection could be made.'),
    }),
    'When to try again.',
  ),
  TimeoutFilter: nullable(
    object({
      RequestTimeout: withDefault(nanoseconds(), 0, 'Time for the whole request.'),
      IdleTimeout: withDefault(nanoseconds(), 0, 'Time without any byte.'),
    }),
    'How long it may take.',
  ),
  JWT: optional(object({}), 'Needs Consul Enterprise.'),
});

/** What is done to the answer of a service. */
export const httpResponseFilters = object({ Headers: headers });
