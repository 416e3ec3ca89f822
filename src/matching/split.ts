/** Something drawn by weight. */
export interface Weighted {
  /** Of 100, in steps of 0.01. */
  readonly weight: number;
}

/** Draws by weight; `drawn` is uniform in [0, 1). In hundredths, for a sum of fractions would leave a crack at the end. */
export function drawWeighted<T extends Weighted>(choices: readonly T[], drawn: number): T | undefined {
  let left = Math.floor(drawn * choices.reduce((sum, choice) => sum + hundredths(choice), 0));
  return choices.find((choice) => {
    left -= hundredths(choice);
    return left < 0;
  });
}

function hundredths({ weight }: Weighted): number {
  return Math.round(weight * 100);
}
