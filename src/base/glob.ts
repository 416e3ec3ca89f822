/** Special characters of a pattern: what stands before the first one is a plain path. */
const SPECIAL = /[*?{[]/;

/**
 * A pattern of paths as a shell has it: `*` is anything but "/", `**` also that, `?` one character, `{a,b}` one of several.
 * Pure. Paths and pattern have "/", relative to one folder.
 */
export function globToRegExp(pattern: string): RegExp {
  const source = pattern.replace(/^\.\//, '').replace(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[.+^$()|[\]\\{}]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.length > 1) return `(?:${part.slice(1, -1).split(',').map(escapeRegExp).join('|')})`;
    return `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}

/** The part of a pattern that is a plain path, of whole steps: `src` of `src/**`, all of `server.js`. */
export function plainPart(pattern: string): string {
  const steps = pattern.replace(/^\.\//, '').split('/');
  const special = steps.findIndex((step) => SPECIAL.test(step));
  return (special === -1 ? steps : steps.slice(0, special)).join('/') || '.';
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\\*', '[^/]*');
