import { describe, expect, it } from 'vitest';
import { isRemote, parseRemote } from '../../src/blueprints/remote-address.ts';

describe('an address', () => {
  it.each<[string, { url: string; folder?: string; ref?: string; name: string }]>([
    ['github.com/org/repo', { url: 'https://github.com/org/repo.git', name: 'repo' }],
    ['github.com/org/repo//sub/dir?ref=v1.0', { url: 'https://github.com/org/repo.git', folder: 'sub/dir', ref: 'v1.0', name: 'dir' }],
    ['github.com/org/repo/sub', { url: 'https://github.com/org/repo.git', folder: 'sub', name: 'sub' }],
    ['github.com/org/repo.git//sub/', { url: 'https://github.com/org/repo.git', folder: 'sub', name: 'sub' }],
    ['gitlab.com/org/repo?ref=feature/x', { url: 'https://gitlab.com/org/repo.git', ref: 'feature/x', name: 'repo' }],
    ['https://github.com/org/repo//sub', { url: 'https://github.com/org/repo', folder: 'sub', name: 'sub' }],
    ['git::https://git.example.com:8443/a/b.git//c', { url: 'https://git.example.com:8443/a/b.git', folder: 'c', name: 'c' }],
    ['git::ssh://git@example.com/a/b.git', { url: 'ssh://git@example.com/a/b.git', name: 'b' }],
    ['git@github.com:org/repo.git//sub?ref=main', { url: 'git@github.com:org/repo.git', folder: 'sub', ref: 'main', name: 'sub' }],
    ['git::git@example.com:org/repo.git', { url: 'git@example.com:org/repo.git', name: 'repo' }],
    ['git::file:///srv/repos/shop?depth=1', { url: 'file:///srv/repos/shop', name: 'shop' }],
  ])('%s', (text, { url, folder = '', ref, name }) => {
    expect(isRemote(text)).toBe(true);
    expect(parseRemote(text)).toEqual({ url, folder, name, shown: text, ...(ref === undefined ? {} : { ref }) });
  });

  it('is shown without its password', () => {
    expect(parseRemote('https://me:secret@example.com/a.git').shown).toBe('https://me@example.com/a.git');
    expect(parseRemote('https://me:secret@example.com/a.git').url).toBe('https://me:secret@example.com/a.git');
  });
});

it.each(['.', '..', 'v2', './v2', '/abs/v2', 'shop.hcl', 'my.folder/v2', 'a:b', 'example.com/a/b'])('%s is none', (text) => {
  expect(isRemote(text)).toBe(false);
});

it.each<[string, string]>([
  ['s3::https://bucket/x', 'only git repositories are fetched, not s3::'],
  ['git::ext::sh -c id', 'it holds a space'],
  ['git::ext::sh', 'it names no repository'],
  ['git::ext://x/y', 'only https, http, ssh, git, file addresses are fetched'],
  ['git::--upload-pack=touch', 'it names no repository'],
  ['git::ssh://-oProxyCommand=id/x', 'an address does not start with "-"'],
  ['git::ssh://me@-oProxyCommand=id/x', 'an address does not start with "-"'],
  ['git@-x:org/repo', 'it names no repository'],
  ['github.com/org/repo?ref=--upload-pack=id', 'is not a branch, tag or commit'],
  ['github.com/org/repo?ref=+refs/heads/*:refs/x', 'is not a branch, tag or commit'],
  ['github.com/org/repo?ref=a:b', 'is not a branch, tag or commit'],
  ['github.com/org/repo?sshkey=abc', '"sshkey" has no meaning here'],
  ['github.com/org/repo//../../etc', 'its folder leads out of the repository'],
  ['github.com/org', 'after github.com come an organisation and a repository'],
  ['https://', 'it names no repository'],
  ['github.com/org/re\npo', 'it holds a space or a control character'],
])('%s is refused', (text, why) => {
  expect(() => parseRemote(text)).toThrow(why);
});
