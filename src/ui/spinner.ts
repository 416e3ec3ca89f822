import ora from 'ora';

/** Called by its name: a default import of a file that is bundled as CommonJS is the whole of it (scripts/build.mjs). */
export const startSpinner = (text: string) => ora({ text, discardStdin: false }).start();
