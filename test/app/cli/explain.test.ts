import { expect, it } from 'vitest';
import { explain } from '../../../src/app/cli/explain.ts';
import { testIo } from '../../commands/io.ts';

/** What it says of a request that nobody can send; nothing is asked of an agent. */
it.each<[Record<string, string | string[]>, string, string]>([
  [{ path: 'currency' }, '--path is not a path: "currency"', 'it begins with a slash: /currency'],
  [{ path: '*' }, '--path is not a path: "*"', 'it begins with a slash: /*'],
  [{ path: 'http://web/x' }, '--path is not a path: "http://web/x"', "without scheme and host, which -H 'Host: …' names"],
  [{ path: '/x#top' }, '--path is not a path: "/x#top"', 'what stands behind # is not sent: leave it out, or write %23'],
  [{ path: '/a b\u0007' }, '--path is not a path: "/a b\\u0007"', 'escaped it is /a%20b%07'],
  [{ method: 'FO O' }, '--method is not a method: "FO O"', 'one word: GET, POST, PURGE'],
  [{ header: ['X-Group'] }, '--header is not a header: "X-Group"', "expected a name and a value: 'X-Group: dev'"],
  [{ header: ['A: b\nc'] }, '--header is not a header: "A: b\\nc"', "expected a name and a value: 'X-Group: dev'"],
])('refuses %j', async (options, message, hint) => {
  const asked = { args: ['web', 'payments'], options };
  await expect(explain(asked, testIo())).rejects.toMatchObject({ code: 'usage', message, hint });
});
