import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchRemote, type RemoteOptions } from '../../src/blueprints/remote.ts';
import { parseRemote } from '../../src/blueprints/remote-address.ts';
import { workspace } from './workspace.ts';

const env = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };

function repository(files: Readonly<Record<string, string>>): {
  url: string;
  folder: string;
  git: (...args: string[]) => string;
  cache: string;
} {
  const root = workspace(Object.fromEntries(Object.entries(files).map(([path, text]) => [`repo/${path}`, text])));
  const folder = join(root, 'repo');
  const who = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' };
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, ...args], { env: { ...env, ...who }, encoding: 'utf8', stdio: 'pipe' }).trim();
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
  return { url: `git::file://${folder}`, folder, git, cache: join(root, 'cache') };
}

const fetching = (cache: string, more: Partial<RemoteOptions> = {}): RemoteOptions => ({
  cache,
  when: 'missing',
  env,
  signal: new AbortController().signal,
  ...more,
});

const read = (folder: string) => readFileSync(join(folder, 'main.hcl'), 'utf8');

describe('a blueprint in a git repository', () => {
  it('is fetched once, and again when that is asked for', async () => {
    const { url, folder, git, cache } = repository({ 'shop/main.hcl': '# one\n' });
    const address = parseRemote(`${url}//shop`);
    await expect(fetchRemote(address, fetching(cache, { when: 'never' }))).rejects.toMatchObject({ code: 'invalid' });
    const path = await fetchRemote(address, fetching(cache));
    expect(read(path)).toBe('# one\n');
    writeFileSync(join(folder, 'shop/main.hcl'), '# two\n');
    git('commit', '--quiet', '-am', 'second');
    const fetches: string[] = [];
    const onFetch = ({ shown }: { shown: string }) => void fetches.push(shown);
    expect(await fetchRemote(address, fetching(cache, { onFetch }))).toBe(path);
    expect(await fetchRemote(address, fetching(cache, { when: 'never' }))).toBe(path);
    expect(read(path)).toBe('# one\n');
    expect(fetches).toEqual([]);
    expect(await fetchRemote(address, fetching(cache, { when: 'always', onFetch }))).toBe(path);
    expect(read(path)).toBe('# two\n');
    expect(fetches).toEqual([`${url}//shop`]);
    expect(readdirSync(cache)).toHaveLength(1);
  });

  it('is taken at a branch, a tag or a commit, each in a place of its own', async () => {
    const { url, folder, git, cache } = repository({ 'main.hcl': '# one\n' });
    const first = git('rev-parse', 'HEAD');
    git('tag', 'v1');
    git('checkout', '--quiet', '-b', 'next');
    writeFileSync(join(folder, 'main.hcl'), '# two\n');
    git('commit', '--quiet', '-am', 'second');
    git('checkout', '--quiet', 'main');
    const at = async (ref: string) => read(await fetchRemote(parseRemote(`${url}?ref=${ref}`), fetching(cache)));
    expect([await at('v1'), await at('next'), await at(first)]).toEqual(['# one\n', '# two\n', '# one\n']);
    expect(readdirSync(cache)).toHaveLength(3);
  });

  it('keeps the old one when a fetch fails', async () => {
    const { url, folder, cache } = repository({ 'main.hcl': '# one\n' });
    const path = await fetchRemote(parseRemote(url), fetching(cache));
    rmSync(folder, { recursive: true });
    await expect(fetchRemote(parseRemote(url), fetching(cache, { when: 'always' }))).rejects.toMatchObject({ code: 'environment' });
    expect(read(path)).toBe('# one\n');
    expect(readdirSync(cache)).toHaveLength(1);
  });

  it('runs nothing that the user of git has set up for other repositories', async () => {
    const { url, cache, folder } = repository({ 'main.hcl': '# one\n' });
    const marker = join(folder, '../marker');
    const hooks = workspace({ 'hooks/post-checkout': `#!/bin/sh\ntouch ${marker}\n` });
    execFileSync('chmod', ['+x', join(hooks, 'hooks/post-checkout')]);
    await fetchRemote(parseRemote(url), fetching(cache, { env: { ...env, GIT_TEMPLATE_DIR: hooks, GIT_DIR: '/nonexistent' } }));
    expect(existsSync(marker)).toBe(false);
  });
});

describe('what can go wrong', () => {
  it('is told with the last lines of git', async () => {
    const { url, cache } = repository({ 'main.hcl': '' });
    await expect(fetchRemote(parseRemote('git::file:///nonexistent/repo'), fetching(cache))).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringMatching(/^git::file:\/\/\/nonexistent\/repo can't be fetched; git says:\n {2}.*does not (appear to be|exist)/),
    });
    await expect(fetchRemote(parseRemote(`${url}?ref=absent`), fetching(cache))).rejects.toMatchObject({
      message: expect.stringContaining("couldn't find remote ref absent"),
      hint: 'ref is a branch, a tag or a whole commit',
    });
    expect(readdirSync(cache)).toEqual([]);
  });

  it('is a folder that is not there, or holds no blueprint', async () => {
    const { url, cache } = repository({ 'shop/main.hcl': '', 'shop/v2/main.hcl': '', 'docs/x.md': '' });
    const from = (folder: string) => fetchRemote(parseRemote(`${url}//${folder}`), fetching(cache));
    await expect(from('shp')).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('there is no folder shp in file://'),
      hint: 'did you mean "shop"?',
    });
    await expect(from('shop/v9')).rejects.toMatchObject({ hint: expect.stringMatching(/did you mean "v2"|there are: shop\/v2/) });
    await expect(from('docs')).rejects.toMatchObject({ message: `${url}//docs holds no *.hcl file` });
    await expect(fetchRemote(parseRemote(url), fetching(cache))).rejects.toMatchObject({ hint: 'name one of its folders: docs, shop' });
  });

  it('is that git is missing', async () => {
    const { url, cache } = repository({ 'main.hcl': '' });
    const refused = fetchRemote(parseRemote(url), fetching(cache, { env: { PATH: '/nonexistent' } }));
    await expect(refused).rejects.toMatchObject({ code: 'environment', message: 'git, which fetches blueprints, is not installed' });
  });

  it('is that the user stops it', async () => {
    const { url, cache } = repository({ 'main.hcl': '' });
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(fetchRemote(parseRemote(url), fetching(cache, { signal }))).rejects.toThrow('stopped');
    expect(readdirSync(cache)).toEqual([]);
  });
});
