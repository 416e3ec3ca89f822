const ESC = '\u001b';
const BEL = '\u0007';
/** Orders for a terminal: colours and movements, and titles. */
const ORDERS = new RegExp(`${ESC}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\))`, 'g');

/** What programs write, without what is meant for a terminal. */
export const plainText = (text: string): string => text.replace(ORDERS, '').replace(/[^\P{Cc}\t]/gu, '');
