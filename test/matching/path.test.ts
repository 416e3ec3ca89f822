import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparablePath, escapeForTarget, normalizePath, replacePrefix } from '../../src/matching/path.ts';

describe('normalizePath', () => {
  it.each([
    ['/admin/x', '/admin/x'],
    ['//admin', '/admin'],
    ['/a/../admin', '/admin'],
    ['/./admin/.', '/admin/'],
    ['/../../admin', '/admin'],
    ['/a/..', '/'],
    ['/%61dmin', '/admin'],
    ['/%2e%2E/admin', '/admin'],
    ['/a%2F..%2fadmin', '/admin'],
    ['/a\\..\\admin', '/admin'],
    ['/a%5C%2e.%5cadmin', '/admin'],
    ['/a%20b%3f', '/a%20b%3F'],
    ['/%252e%252e/admin', '/%252e%252e/admin'],
    ['/%%32e/%zz', '/%252e/%25zz'],
    ['/...//x//', '/.../x/'],
    ['*', '*'],
  ])('%s is %s', (path, normal) => {
    expect(normalizePath(path)).toBe(normal);
  });

  it('keeps escaped slashes when asked to', () => {
    expect(normalizePath('/a//%2f%41/./b', 'keep')).toBe('/a/%2FA/b');
  });

  it('has nothing left to do after once, and never a dot segment or an empty one', () => {
    const path = fc
      .array(fc.constantFrom('/', '.', '..', '%', '2', 'e', 'F', '%2e', '%2F', '%5c', '\\', 'a', ';', '5'), { maxLength: 12 })
      .map((parts) => `/${parts.join('')}`);
    fc.assert(
      fc.property(path, (sent) => {
        const normal = normalizePath(sent);
        expect(normalizePath(normal)).toBe(normal);
        expect(normal).not.toMatch(/\/\/|\/\.\.?(\/|$)|\\|%2F/i);
      }),
    );
  });
});

describe('a path of a route', () => {
  it('is compared in the form that requests have', () => {
    expect(comparablePath('//v%31/ä b%2f')).toBe('/v1/%C3%A4%20b/');
    expect(escapeForTarget('/a b?#é')).toBe('/a%20b%3F%23%C3%A9');
  });
});

describe('replacePrefix', () => {
  const rewrite = (sent: string, prefix: string, to: string) => replacePrefix(sent, normalizePath(sent), prefix.length, to);

  it.each([
    ['/currency/eur', '/currency', '/', '/eur'],
    ['/currency/eur', '/currency/', '/', '/eur'],
    ['/currency', '/currency', '/', '/'],
    ['/currencyx', '/currency', '/', '/x'],
    ['/currency/eur', '/currency', '/v2/rates', '/v2/rates/eur'],
    ['/currency/eur', '/currency', '', '/eur'],
    ['/x', '/', 'v2/', '/v2/x'],
  ])('%s with %s -> "%s" is %s', (sent, prefix, to, expected) => {
    expect(rewrite(sent, prefix, to)).toBe(expected);
  });

  it('keeps what the client wrote behind the prefix', () => {
    expect(rewrite('/currency/a%2Fb%20c', '/currency', '/v2')).toBe('/v2/a%2Fb%20c');
    expect(rewrite('/%63urrency/x', '/currency', '/v2')).toBe('/v2/x');
  });

  it.each(['/currency/%2e%2e/%2e%2e/secret', '/currency/..%2F..%2Fcurrency/secret', '/currency/a/../../currency/secret'])(
    '%s does not climb out of the new prefix',
    (sent) => {
      const normal = normalizePath(sent);
      if (normal.startsWith('/currency')) expect(normalizePath(rewrite(sent, '/currency', '/public'))).toBe('/public/secret');
      else expect(normal).toBe('/secret');
    },
  );
});
