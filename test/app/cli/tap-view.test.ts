import { describe, expect, it } from 'vitest';
import { fieldLines, tapLine } from '../../../src/app/cli/tap-view.ts';
import type { TappedRequest } from '../../../src/compile/proxy-config.ts';
import { styleOf } from '../../../src/ui/style.ts';

const style = await styleOf(false);
const request: TappedRequest = {
  at: Date.UTC(2026, 0, 1),
  durationMs: 1.234,
  proxy: 'dc1/web/web-sidecar-proxy',
  direction: 'outbound',
  source: 'web',
  destination: 'payments',
  method: 'GET',
  host: 'payments',
  target: '/currency?a=1',
  status: 200,
  flag: '',
  endpoint: '127.5.0.110:21000',
  retries: 0,
  bytesUp: 0,
  bytesDown: 5,
  requestFields: ['host', 'payments', 'authorization', '(redacted)'],
  responseFields: ['content-type', 'text/plain'],
};
const line = (more: Partial<TappedRequest> = {}, width?: number): string =>
  tapLine({ ...request, ...more }, style, width).replace(/^\S+ /, '');

describe('a line of mesh tap', () => {
  it('says who, what, how it ended, how long it took and where it went', () => {
    expect(tapLine(request, style)).toMatch(/^\d\d:\d\d:\d\d\.\d\d\d web -> payments GET \/currency\?a=1 200 1\.2ms 127\.5\.0\.110:21000$/);
    expect(line({ status: 0, flag: 'UF', durationMs: 1500.4, reason: "can't reach payments" })).toBe(
      "web -> payments GET /currency?a=1 none UF 1500ms 127.5.0.110:21000 can't reach payments",
    );
  });

  it('says which rule has refused it, on the side that it came from too', () => {
    const rule = 'intention deny web => payments (precedence 9)';
    const refused = `web -> payments GET /currency?a=1 403 1.2ms 127.5.0.110:21000 ${rule}`;
    expect(line({ status: 403, rule, reason: `spiffe://td/x: ${rule}` })).toBe(refused);
    const responseFields = ['content-length', '3', 'X-Mesh-Reason', `spiffe://td/ns/default/dc/dc1/svc/web: ${rule}`];
    expect(line({ status: 403, responseFields })).toBe(refused);
    expect(line({ status: 200, responseFields })).not.toContain('intention');
  });

  it('tells of connections', () => {
    const connection = { connection: true, method: '', host: '', target: '', status: 0, bytesUp: 97, bytesDown: 5 } as const;
    expect(line(connection)).toBe('web -> payments tcp, 97 B up, 5 B down closed 1.2ms 127.5.0.110:21000');
    expect(line({ ...connection, reason: 'no intention matches, the default is deny' })).toContain('refused 1.2ms');
  });

  it('is no wider than the terminal: the endpoint goes first, then paths and reasons are cut', () => {
    const target = `/${'long/'.repeat(30)}`;
    const rule = 'intention deny web => payments (precedence 9)';
    for (const width of [80, 100, 140])
      for (const more of [{}, { target }, { target, rule, status: 403 }, { rule, status: 403 }])
        expect(tapLine({ ...request, ...more }, style, width).length).toBeLessThanOrEqual(width);
    expect(tapLine({ ...request, target }, style, 80)).toContain('…');
    expect(tapLine(request, style, 80)).toContain('/currency?a=1');
  });

  it('holds nothing that a terminal would obey', () => {
    const evil = '\u001b[2J\u0007';
    const shown = [
      tapLine({ ...request, target: evil, destination: evil, reason: evil }, style),
      ...fieldLines({ ...request, requestFields: ['a', evil] }, style),
    ];
    expect(shown.join('')).not.toMatch(/\p{Cc}/u);
  });

  it('can be followed by the fields of both sides', () => {
    expect(fieldLines(request, style)).toEqual(['  > host: payments', '  > authorization: (redacted)', '  < content-type: text/plain']);
  });
});
