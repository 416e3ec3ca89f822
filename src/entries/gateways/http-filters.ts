import { bool, int, list, map, nanoseconds, object, optional, type Schema, string, withDefault } from '../../schema/schema.ts';
import { nullable } from '../fields.ts';
import { jwt } from '../permissions.ts';

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

const direction = object({
  HeadersMode: optional(string(), 'Whether headers are sent.'),
  BodyMode: optional(string(), 'Whether the body is sent, and how.'),
  TrailersMode: optional(string(), 'Whether trailers are sent.'),
  MaxBodyBytes: optional(int(), 'Largest body that is sent.'),
});

const processing = object({
  Request: optional(direction, 'Of requests.'),
  Response: optional(direction, 'Of answers.'),
});

const extProc = object({
  StatPrefix: optional(string(), 'Which attachment it is about.'),
  Mode: optional(string(), 'Whether it is enabled, disabled or overridden here.'),
  Overrides: optional(object({ Processing: optional(processing, 'What is sent to the processor.') }), 'What is so for this route alone.'),
});

/** `tokens` is what JWT may say. */
const filters = <T>(tokens: Schema<T>) =>
  object({
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
    JWT: optional(tokens, 'Tokens that requests must carry. Consul: Enterprise.'),
    ExtProc: optional(list(extProc), 'External processing of requests and answers, by attachment.'),
    ExtAuthz: optional(
      object({ Enabled: withDefault(bool(), false, 'Ask for these requests.') }),
      'External authorization; as the gateway says by default.',
    ),
  });

/** What is done to a request on its way to a service. */
export const httpFilters = filters(object({}));
/** The same for all services of a rule. */
export const ruleFilters = filters(jwt);

/** What is done to the answer of a service. */
export const httpResponseFilters = object({ Headers: headers });
