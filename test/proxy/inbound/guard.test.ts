import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/base/ports.ts';
import type { InboundListener, IntentionRule, PermissionRule, RequestNormalization } from '../../../src/compile/proxy-config.ts';
import type { Refusal } from '../../../src/proxy/http/respond.ts';
import { parseRequestHead, type RequestHead } from '../../../src/proxy/http1/request.ts';
import { Guard } from '../../../src/proxy/inbound/guard.ts';
import { Tokens } from '../../../src/proxy/jwt/tokens.ts';
import type { Peer } from '../../../src/proxy/tls/peer.ts';
import { realClock } from '../fixture/mesh.ts';

const peer = (service: string): Peer => ({
  uri: `spiffe://td/ns/default/dc/dc1/svc/${service}`,
  trustDomain: 'td',
  service,
  datacenter: 'dc1',
  hash: 'ab',
  notAfter: 0,
});

interface Given {
  intentions?: readonly IntentionRule[];
  defaultAction?: 'allow' | 'deny';
  normalization?: RequestNormalization;
}

function guard({ intentions = [], defaultAction = 'allow', normalization }: Given): Guard {
  const bind = { address: '127.0.0.1', port: 1 };
  const config: InboundListener = {
    bind,
    protocol: 'http',
    app: bind,
    connectTimeoutMs: 1,
    intentions,
    defaultAction,
    ...(normalization && { normalization }),
  };
  return new Guard(config, 'payments', new Tokens({ clock: realClock, log: silentLog }), (reason) => {
    throw new Error(reason);
  });
}

function request(target: string, fields = '', method = 'GET'): RequestHead {
  const head = parseRequestHead(`${method} ${target} HTTP/1.1\r\nHost: payments\r\n${fields}`);
  if (!('method' in head)) throw new Error(head.reason);
  return head;
}

const permit = (action: 'allow' | 'deny', match: PermissionRule['match']): PermissionRule => ({ action, match });
const of = (source: string, precedence: number, ...permissions: PermissionRule[]): IntentionRule => ({
  source,
  action: 'deny',
  precedence,
  permissions,
});

/** The request as it goes on, or its refusal. */
function admit(given: Guard, head: RequestHead, from: Peer): RequestHead | Refusal {
  const cleaned = given.clean(head);
  return 'status' in cleaned ? cleaned : ((given.judge(cleaned, from) as Refusal | undefined) ?? cleaned);
}

/** `allow`, or the status of the refusal and why. */
function outcome(answer: RequestHead | Refusal): string {
  return 'status' in answer ? `${answer.status} ${answer.reason.replace(/^spiffe:\S+: /, '')}` : 'allow';
}

describe('permissions', () => {
  const list = of(
    'web',
    9,
    permit('deny', { pathPrefix: '/v2/admin' }),
    permit('allow', { pathPrefix: '/v2/' }),
    permit('allow', { pathExact: '/healthz', methods: ['GET'] }),
  );

  it.each([
    ['/v2/users', 'GET', 'deny', 'allow'],
    ['/v2/admin/x', 'GET', 'deny', '403 intention web => payments (precedence 9): Permissions[0] is deny'],
    ['/v2/admin/x', 'GET', 'allow', '403 intention web => payments (precedence 9): Permissions[0] is deny'],
    ['/healthz', 'GET', 'deny', 'allow'],
    ['/healthz', 'POST', 'deny', '403 no permission of intention web => payments (precedence 9) matches, the default is deny'],
    ['/healthz', 'POST', 'allow', 'allow'],
  ] as const)('%s %s, else %s: %s', (target, method, defaultAction, expected) => {
    const lower: IntentionRule = { source: '*', action: defaultAction === 'allow' ? 'deny' : 'allow', precedence: 5 };
    const given = guard({ intentions: [list, lower], defaultAction });
    expect(outcome(admit(given, request(target, '', method), peer('web')))).toBe(expected);
  });

  it('of the source with the higher precedence decide, and no other', () => {
    const rules = [
      of('web', 9, permit('allow', { pathExact: '/a' })),
      of('*', 8, permit('deny', {})),
      of('api', 6, permit('allow', {})),
      { source: '*', action: 'allow', precedence: 5 } as const,
    ];
    const given = guard({ intentions: rules, defaultAction: 'deny' });
    const asked = (source: string, target: string) => outcome(admit(given, request(target), peer(source)));
    expect(asked('web', '/a')).toBe('allow');
    expect(asked('WEB', '/a')).toBe('allow');
    expect(asked('web', '/b')).toMatch(/^403 no permission of intention web => payments/);
    expect(asked('api', '/a')).toBe('403 intention * => payments (precedence 8): Permissions[0] is deny');
  });

  it.each([
    ['X-Role: admin\r\n', 'allow'],
    ['x-role: user\r\n', '403'],
    ['', '403'],
    ['X-Role: admin\r\nX-Role: user\r\n', '403'],
  ])('look at fields: %j', (fields, expected) => {
    const match = { headers: [{ name: 'x-role', type: 'exact', value: 'admin', invert: false }] } as const;
    const given = guard({ intentions: [of('web', 9, permit('allow', match))], defaultAction: 'deny' });
    expect(outcome(admit(given, request('/', fields), peer('web')))).toMatch(new RegExp(`^${expected}`));
  });

  it('that are no expression may forbid, never allow', () => {
    const bad = (action: 'allow' | 'deny'): string => {
      const problems: string[] = [];
      const bind = { address: '127.0.0.1', port: 1 };
      const intentions = [of('web', 9, permit(action, { pathRegex: 'a)(b' }))];
      const config = { bind, protocol: 'http', app: bind, connectTimeoutMs: 1, intentions, defaultAction: 'allow' } as const;
      const made = new Guard(
        { ...config, defaultAction: action === 'allow' ? 'deny' : 'allow' },
        'payments',
        new Tokens({ clock: realClock, log: silentLog }),
        (one) => problems.push(one),
      );
      expect(problems[0]).toMatch(/unexpected \)/);
      return outcome(admit(made, request('/x'), peer('web')));
    };
    expect(bad('allow')).toMatch(/^403/);
    expect(bad('deny')).toMatch(/^403/);
  });
});

/** How an application that is generous with spellings reads a path: written with another library, on purpose. */
function generous(path: string): string {
  let decoded = path;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    // Stays as it is, as in most servers.
  }
  return posix.normalize(decoded.replaceAll('\\', '/').replace(/^\/+/, '/')).toLowerCase();
}

const hex = (char: string, upper: boolean): string => {
  const text = char.charCodeAt(0).toString(16).padStart(2, '0');
  return `%${upper ? text.toUpperCase() : text}`;
};

/** A path written in any of the ways that some server takes for the same. */
const spelling = (segments: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(fc.constantFrom('/', '//', '/./', '/x/../', '/%2e/', '/y/%2E%2e/', '\\', '%2f', '%5C', '/.%2f', '/z%2f..%2F'), {
        minLength: segments.length,
        maxLength: segments.length,
      }),
      fc.infiniteStream(fc.nat(9)),
    )
    .map(([glue, dice]) => {
      const spelled = segments.map((segment, i) => {
        const chars = Array.from(segment, (char) => {
          const roll = dice.next().value as number;
          if (roll === 0) return hex(char, false);
          if (roll === 1) return hex(char, true);
          return roll === 2 ? char.toUpperCase() : char;
        });
        return glue[i]! + chars.join('');
      });
      const text = spelled.join('');
      return text.startsWith('/') ? text : `/${text}`;
    });

describe('spellings', () => {
  const words = fc.constantFrom('admin', 'public', 'a', '..', '.', 'x');
  const paths = fc.array(words, { minLength: 1, maxLength: 4 }).chain(spelling);

  /** What the application gets of a request that is let through. */
  function passed(given: Guard, path: string): string | undefined {
    const answer = admit(given, request(path), peer('web'));
    return 'status' in answer ? undefined : answer.target;
  }

  it.each<[string, PermissionRule['match']]>([
    ['prefix', { pathPrefix: '/admin' }],
    ['expression', { pathRegex: '/admin.*' }],
  ])('of a path that is denied by a %s do not pass', (_, match) => {
    const given = guard({ intentions: [of('web', 9, permit('deny', match))] });
    let denied = 0;
    fc.assert(
      fc.property(paths, (path) => {
        const got = passed(given, path);
        if (got === undefined) denied++;
        else expect(generous(got)).not.toMatch(/^\/admin/);
      }),
      { numRuns: 1_000, seed: 4 },
    );
    expect(denied).toBeGreaterThan(100);
  });

  it('do not make an allowed path of another', () => {
    const given = guard({ intentions: [of('web', 9, permit('allow', { pathPrefix: '/public/' }))], defaultAction: 'deny' });
    let allowed = 0;
    fc.assert(
      fc.property(paths, (path) => {
        const got = passed(given, path);
        if (got === undefined) return;
        allowed++;
        expect(got).toMatch(/^\/public\//);
        expect(generous(got)).toMatch(/^\/public(\/|$)/);
      }),
      { numRuns: 1_000, seed: 4 },
    );
    expect(allowed).toBeGreaterThan(20);
  });

  it.each([
    ['/a/%2e%2E/b/./c?x=/../y', '/b/c?x=/../y'],
    ['/%7Euser//x', '/~user//x'],
    ['/a\\b', '/a/b'],
    ['/a%2fb%20c', '/a%2fb%20c'],
    ['/a//../b', '/a/b'],
    ['/..', '/'],
    ['/100%', '/100%'],
  ])('%s reaches the application as %s', (target, expected) => {
    const answer = admit(guard({}), request(target), peer('web'));
    expect('status' in answer ? answer.status : answer.target).toBe(expected);
  });
});

describe('request normalization', () => {
  const ask = (normalization: RequestNormalization, target: string, fields = '', rules: readonly IntentionRule[] = []) =>
    admit(guard({ normalization, intentions: rules }), request(target, fields), peer('web'));

  it('switched off leaves a path as it came, for rules too', () => {
    const rules = [of('web', 9, permit('deny', { pathPrefix: '/admin' }))];
    expect(ask({ keepPaths: true }, '/x/../admin', '', rules)).toHaveProperty('target', '/x/../admin');
    expect(outcome(ask({}, '/x/../admin', '', rules))).toMatch(/^403/);
  });

  it('merges slashes when told', () => {
    expect(ask({ mergeSlashes: true }, '/a//b///c?d=//')).toHaveProperty('target', '/a/b/c?d=//');
  });

  it.each([
    ['decode', '/a%2Fb%5cc?q=%2F', { path: '/a/b/c', target: '/a/b/c?q=%2F' }],
    ['reject', '/a%2Fb', { status: 400, reason: 'PathWithEscapedSlashesAction refuses a path with an escaped slash' }],
    [
      'redirect',
      '/%2Fhost%5Cb?q=1',
      {
        status: 307,
        reason: 'PathWithEscapedSlashesAction redirects a path with an escaped slash',
        fields: [['Location', '/host/b?q=1']],
      },
    ],
  ] as const)('%s: %s', (escapedSlashes, target, expected) => {
    expect(ask({ escapedSlashes }, target)).toMatchObject(expected);
    expect(ask({ escapedSlashes }, '/plain')).toHaveProperty('target', '/plain');
  });

  it('refuses or drops fields with underscores, and judges without them', () => {
    const fields = 'X_Role: admin\r\nX-Id: 1\r\n';
    expect(outcome(ask({ underscores: 'reject' }, '/', fields))).toBe('400 HeadersWithUnderscoresAction refuses the field x_role');
    expect(ask({ underscores: 'drop' }, '/', fields)).toMatchObject({ fields: { list: ['Host', 'payments', 'X-Id', '1'] } });
    const rules = [of('web', 9, permit('deny', { headers: [{ name: 'x_role', type: 'present', value: '', invert: true }] }))];
    expect(outcome(ask({ underscores: 'drop' }, '/', fields, rules))).toMatch(/^403/);
    expect(outcome(ask({}, '/', fields, rules))).toBe('allow');
  });
});
