/** Orders for a terminal: colours and movements, and titles. */
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;

/** What programs write, without what is meant for a terminal. */
export const plainText = (text: string): string => text.replace(ESCAPES, '').replace(/[^\P{Cc}\t]/gu, '');
