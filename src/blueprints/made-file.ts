import type { FilePort } from './context.ts';

/** What a made file holds, as far as it has to be recognised: the text itself, or its digest. */
export async function digestOf(text: string): Promise<string> {
  // Few blueprints need it, and it is slow to load.
  const { createHash } = await import('node:crypto');
  return createHash('sha256').update(text).digest('hex');
}

/** Removes a file that a resource has made. One that somebody has changed since is theirs, and stays. */
export async function removeIfOurs(path: string, text: string, files: FilePort): Promise<void> {
  if ((await files.read(path)) === text) await files.remove(path);
}
