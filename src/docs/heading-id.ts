/** GitHub's rule for the names of headings. `ids`: how often each name was given on this page so far. */
export function headingId(heading: string, ids: Map<string, number>): string {
  const plain = heading.replace(/<[^>]*>|[`*_~]|\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
  const base =
    plain
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-') || 'section';
  const seen = ids.get(base) ?? 0;
  ids.set(base, seen + 1);
  return seen === 0 ? base : `${base}-${seen}`;
}
