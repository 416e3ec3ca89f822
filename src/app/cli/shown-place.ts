import { isAbsolute, relative } from 'node:path';
import type { Origin } from '../../api/explanation.ts';
import { printable } from '../../ui/printable.ts';

export interface Folders {
  /** Files are named from there. */
  readonly cwd: string;
  /** The shipped blueprints: their files are named from there, as `mesh config write` takes them. */
  readonly shipped: string;
}

/** What an entry or a part of it is, and where it was written: `service-router payments, shipped v4/versions.hcl:8`. */
export function originText({ of, file }: Origin, folders: Folders): string {
  return printable(file ? `${of}, ${shownFile(file.path, folders)}:${file.line}` : of);
}

function shownFile(path: string, { cwd, shipped }: Folders): string {
  const inside = relative(shipped, path);
  if (isBelow(inside)) return `shipped ${inside}`;
  // From elsewhere a chain of `..` says less than the whole path.
  const local = relative(cwd, path);
  return isBelow(local) ? local : path;
}

const isBelow = (path: string): boolean => path !== '..' && !path.startsWith('../') && !isAbsolute(path);
