import { type Decoded, int, list, map, object, optional, string, withDefault } from '../../schema/schema.ts';
import { nullable, passiveHealthCheck } from '../fields.ts';
import { headerModifiers } from '../header-modifiers.ts';
import { serviceTls } from './tls.ts';

/** A service behind a listener of an ingress gateway. */
export const ingressService = object({
  Name: withDefault(string(), '', 'The service, or *: every service that speaks the protocol of the listener.'),
  Hosts: nullable(list(string()), 'Values of the Host header that are meant for it; <service>.ingress.* by default.'),
  TLS: optional(serviceTls, 'A certificate of its own.'),
  RequestHeaders: optional(headerModifiers, 'Edits of the headers of the request.'),
  ResponseHeaders: optional(headerModifiers, 'Edits of the headers of the answer.'),
  MaxConnections: optional(int(), 'Connections to all instances together.'),
  MaxPendingRequests: optional(int(), 'Requests that wait for a connection.'),
  MaxConcurrentRequests: optional(int(), 'Requests at the same time.'),
  PassiveHealthCheck: optional(passiveHealthCheck, 'Ejection of instances that fail.'),
  Meta: optional(map(string()), 'Facts about it.'),
});

/** Limits of every service that says nothing else. */
export const ingressDefaults = object({
  MaxConnections: withDefault(int(), 0, 'Connections to all instances together.'),
  MaxPendingRequests: withDefault(int(), 0, 'Requests that wait for a connection.'),
  MaxConcurrentRequests: withDefault(int(), 0, 'Requests at the same time.'),
  PassiveHealthCheck: optional(passiveHealthCheck, 'Ejection of instances that fail.'),
});

export type IngressService = Decoded<typeof ingressService>;
