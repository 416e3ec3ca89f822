/** Names that RFC 7301 has for what is spoken over TLS. */
export const H2 = 'h2';
export const HTTP1 = 'http/1.1';
