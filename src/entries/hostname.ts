const LABEL = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** An IPv4 or IPv6 address, or a DNS name without wildcards. */
export function isHostOrIp(text: string): boolean {
  if (text.includes(':')) return URL.canParse(`http://[${text}]/`);
  const labels = text.split('.');
  // Four numbers are an address, and have to be a valid one.
  if (labels.every((label) => /^\d+$/.test(label))) return labels.length === 4 && labels.every((label) => Number(label) < 256);
  return text.length <= 253 && labels.every((label) => LABEL.test(label));
}
