/** Longer than any path of a system. */
const MAX_LENGTH = 4_096;

/** `path:line` in its parts; undefined when it has another form. */
export function readPlace(text: string): { readonly path: string; readonly line: number } | undefined {
  const [, path, line] = /^([^\p{Cc}]+):([1-9]\d{0,8})$/u.exec(text.slice(0, MAX_LENGTH + 1)) ?? [];
  return path === undefined ? undefined : { path, line: Number(line) };
}

export const placeText = ({ path, line }: { readonly path: string; readonly line: number }): string => `${path}:${line}`;
