/** `a,b\,c` is the tags `a` and `b,c`; empty ones are dropped. */
export function splitTags(text: string): string[] {
  return text
    .split(/(?<!\\),/)
    .map((tag) => tag.replaceAll('\\,', ',').trim())
    .filter((tag) => tag !== '');
}

/** consul-k8s replaces `$POD_NAME` in tags and meta. */
export function withPodName(text: string, pod: string): string {
  return text.replaceAll('$POD_NAME', () => pod);
}
