import { describe, expect, it } from 'vitest';
import { PortClaims } from '../../../src/drivers/process/port-claims.ts';

const PORT = 61_234;

describe.runIf(process.platform === 'linux')('port claims (abstract sockets: Linux)', () => {
  it('keep two homes from choosing the same port', async () => {
    const one = new PortClaims({ abstractSockets: true });
    const two = new PortClaims({ abstractSockets: true });
    expect([await one.claim(PORT), await one.claim(PORT), await two.claim(PORT), await two.claim(PORT + 1)]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    one.release(PORT);
    expect(await two.claim(PORT)).toBe(false);
    one.release(PORT);
    expect(await two.claim(PORT)).toBe(true);
    two.close();
    expect(await one.claim(PORT + 1)).toBe(true);
    one.close();
  });

  it('hold nobody back where there is nothing to see each other by', async () => {
    const claims = [new PortClaims({ abstractSockets: false }), new PortClaims({ abstractSockets: false })];
    expect(await Promise.all(claims.map((one) => one.claim(PORT)))).toEqual([true, true]);
  });
});
