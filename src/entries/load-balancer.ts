import { bool, type Decoded, int, list, nanoseconds, object, optional, string } from '../schema/schema.ts';
import { type Problem, problem } from './problem.ts';

const hashPolicy = object({
  Field: optional(string(), 'header, cookie or query_parameter.'),
  FieldValue: optional(string(), 'Name of the header, cookie or query parameter.'),
  CookieConfig: optional(
    object({
      Session: optional(bool(), 'The cookie ends with the session.'),
      TTL: optional(nanoseconds(), 'Life of the cookie.'),
      Path: optional(string(), 'Path of the cookie.'),
    }),
    'How to make a cookie that is not there.',
  ),
  SourceIP: optional(bool(), 'Hash the address of the caller.'),
  Terminal: optional(bool(), 'Look no further when this one gives a hash.'),
});

/** How instances take turns. */
export const loadBalancer = object({
  Policy: optional(string(), 'random, round_robin, least_request, ring_hash or maglev.'),
  RingHashConfig: optional(
    object({
      MinimumRingSize: optional(int(), 'Least number of entries on the ring.'),
      MaximumRingSize: optional(int(), 'Largest number of entries on the ring.'),
    }),
    'Settings of ring_hash.',
  ),
  LeastRequestConfig: optional(object({ ChoiceCount: optional(int(), 'How many instances are compared.') }), 'Settings of least_request.'),
  HashPolicies: optional(list(hashPolicy), 'What ring_hash and maglev look at.'),
});

type LoadBalancer = Decoded<typeof loadBalancer>;
type HashPolicy = Decoded<typeof hashPolicy>;

/** Policies that choose instances by a hash of the request. */
export const HASHING: readonly string[] = ['ring_hash', 'maglev'];
const POLICIES = ['', 'random', 'round_robin', 'least_request', ...HASHING];
const FIELDS = ['', 'header', 'cookie', 'query_parameter'];

/** Problems of `LoadBalancer`, in Consul's words and order. */
export function validateLoadBalancer(balancer: LoadBalancer): Problem[] {
  const found: Problem[] = [];
  const alone = (field: string, text: string, hint?: string): unknown =>
    found.push(problem('alone', `LoadBalancer.${field}`, `Bad LoadBalancer${text}`, hint === undefined ? {} : { hint }));
  const policy = balancer.Policy ?? '';
  const quoted = JSON.stringify(policy);
  if (!POLICIES.includes(policy)) alone('Policy', ` policy: ${quoted} is not supported`, `one of: ${POLICIES.slice(1).join(', ')}`);
  for (const [field, fits] of [
    ['RingHashConfig', 'ring_hash'],
    ['LeastRequestConfig', 'least_request'],
  ] as const) {
    if (balancer[field] && policy !== fits) {
      alone(field, ` configuration. ${field} specified for incompatible load balancing policy ${quoted}`);
    }
  }
  if (balancer.HashPolicies && !HASHING.includes(policy)) {
    alone('HashPolicies', ` configuration: HashPolicies specified for non-hash-based Policy: ${quoted}`);
  }
  balancer.HashPolicies?.forEach((hash, i) => {
    for (const text of hashPolicyProblems(hash)) alone(`HashPolicies[${i}]`, ` HashPolicy[${i}]: ${text}`);
  });
  return found;
}

function hashPolicyProblems({ Field: field = '', FieldValue: value = '', SourceIP: sourceIp, CookieConfig: cookie }: HashPolicy): string[] {
  const wrong: string[] = [];
  if (!FIELDS.includes(field)) wrong.push(`${JSON.stringify(field)} is not a supported field`);
  if (sourceIp && field !== '') wrong.push(`A single hash policy cannot hash both a source address and a ${JSON.stringify(field)}`);
  if (sourceIp && value !== '') wrong.push('A FieldValue cannot be specified when hashing SourceIP');
  if (field !== '' && value === '') wrong.push(`Field ${JSON.stringify(field)} was specified without a FieldValue`);
  if (value !== '' && field === '') wrong.push('FieldValue requires a Field to apply to');
  if (cookie && field !== 'cookie') wrong.push(`cookie_config provided for ${JSON.stringify(field)}`);
  if (cookie?.Session && cookie.TTL) wrong.push('a session cookie cannot have an associated TTL');
  return wrong;
}
