/** A path as Go's url package writes it: slashes and most marks stay, for they name other things than in a query. */
export function goPath(text: string): string {
  return encodeURI(text).replace(/[?#!'()*[\]]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
