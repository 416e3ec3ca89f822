import { posix } from 'node:path';
import { MeshError } from '../base/errors.ts';

/** A blueprint in a git repository, as go-getter's notation names it. */
export interface RemoteAddress {
  /** What git is given: `https://github.com/org/repo.git`. */
  readonly url: string;
  /** Folder below its root, without slashes at the ends; empty for the root itself. */
  readonly folder: string;
  /** Branch, tag or whole commit; absent: what the repository's HEAD is. */
  readonly ref?: string;
  /** What the blueprint is called: the last part of the folder, or the repository. */
  readonly name: string;
  /** As typed, without a password. */
  readonly shown: string;
}

/** Hosts whose repositories may be named without a protocol: `github.com/org/repo/sub/dir`. */
const HOSTS = ['github.com', 'gitlab.com', 'bitbucket.org'];
/** `ext::` and the like run commands: only these reach a repository and nothing else. */
export const PROTOCOLS = ['https', 'http', 'ssh', 'git', 'file'];

/** True for what can only be an address: `github.com/org/repo`, `git::…`, `https://…`, `git@host:…`. */
export function isRemote(text: string): boolean {
  return (
    /^[a-z0-9+.-]+::/i.test(text) ||
    /^[a-z0-9+.-]+:\/\//i.test(text) ||
    /^[\w.-]+@[\w.-]+:/.test(text) ||
    HOSTS.some((host) => text.startsWith(`${host}/`))
  );
}

/** Reads `github.com/org/repo//sub/dir?ref=v1` and its relatives. Throws a MeshError for what git must not or cannot fetch. */
export function parseRemote(text: string): RemoteAddress {
  const shown = text.replace(/(:\/\/[^/@:]*):[^/@]*@/, '$1@');
  const refuse = (why: string, hint?: string) =>
    new MeshError('invalid', `${shown} can't be fetched: ${why}`, { hint: hint ?? 'write it as: github.com/org/repo//folder?ref=v1' });
  if (/[\s\p{Cc}]/u.test(text)) throw refuse('it holds a space or a control character');
  const [, getter, rest = ''] = /^(?:([a-z0-9+.-]+)::)?(.*)$/is.exec(text)!;
  if (getter !== undefined && getter !== 'git') throw refuse(`only git repositories are fetched, not ${getter}::`);
  const [location, query = ''] = splitOnce(rest, '?');
  const ref = refOf(new URLSearchParams(query), refuse);
  const { url, folder } = repositoryOf(location, refuse);
  if (/^[a-z]+:\/\/([^/@]*@)?-/.test(url) || url.startsWith('-')) throw refuse('an address does not start with "-"');
  const normal = posix.normalize(`/${folder}`).slice(1).replace(/\/$/, '');
  if (folder.split('/').includes('..')) throw refuse('its folder leads out of the repository');
  const repository = posix.basename(url.replace(/\/+$/, ''), '.git');
  return { url, folder: normal, ...(ref === undefined ? {} : { ref }), name: normal === '' ? repository : posix.basename(normal), shown };
}

type Refuse = (why: string, hint?: string) => MeshError;

function refOf(query: URLSearchParams, refuse: Refuse): string | undefined {
  for (const key of query.keys()) {
    // `depth` is go-getter's for a shallow clone, which every clone is here.
    if (key !== 'ref' && key !== 'depth') throw refuse(`${JSON.stringify(key)} has no meaning here`, 'known: ?ref=<branch, tag or commit>');
  }
  const ref = query.get('ref') ?? undefined;
  if (ref !== undefined && !/^[\w][\w./+@-]*$/.test(ref)) throw refuse(`${JSON.stringify(ref)} is not a branch, tag or commit`);
  return ref;
}

function repositoryOf(location: string, refuse: Refuse): { url: string; folder: string } {
  const bare = HOSTS.find((host) => location.startsWith(`${host}/`));
  const protocol = /^([a-z0-9+.-]+):\/\//i.exec(location)?.[1]?.toLowerCase();
  if (protocol !== undefined && !PROTOCOLS.includes(protocol)) throw refuse(`only ${PROTOCOLS.join(', ')} addresses are fetched`);
  const start = protocol === undefined ? 0 : protocol.length + 3;
  const [address, folder = ''] = splitOnce(location.slice(start), '//');
  if (bare === undefined) {
    if (address === '' || address === undefined) throw refuse('it names no repository');
    if (protocol === undefined && !/^\w[\w.-]*@\w[\w.-]*:/.test(address)) throw refuse('it names no repository');
    return { url: location.slice(0, start) + address, folder };
  }
  // The hosts' own notation has no `//`: what follows organisation and repository is a folder.
  const [host, organisation, repository, ...more] = address!.split('/').filter((part) => part !== '');
  if (organisation === undefined || repository === undefined) throw refuse(`after ${host} come an organisation and a repository`);
  const url = `https://${host}/${organisation}/${repository.replace(/\.git$/, '')}.git`;
  return { url, folder: [...more, folder].filter((part) => part !== '').join('/') };
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
