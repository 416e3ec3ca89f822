/** For text that is made where no library can be waited for. */
export const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;
