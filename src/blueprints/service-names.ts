/** The forms, longer than its name alone, in which a pod of any namespace writes a Service. */
export function serviceNames({ name, namespace }: { readonly name: string; readonly namespace: string }): string[] {
  const short = `${name}.${namespace}`;
  return [short, `${short}.svc`, `${short}.svc.cluster.local`];
}
