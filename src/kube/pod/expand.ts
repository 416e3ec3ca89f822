/**
 * Kubernetes' expansion: `$(NAME)` is replaced when NAME is known and stays as it is otherwise; `$$` is an escaped `$`.
 * Everything else, a shell's `$NAME` included, is left alone.
 */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (match, name: string | undefined) => {
    return name === undefined ? '$' : (lookup(name) ?? match);
  });
}
