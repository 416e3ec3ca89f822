import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { touches } from '../../src/catalog/keys.ts';
import { WaitHub } from '../../src/control/wait-hub.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a wait hub', () => {
  it('wakes whom a change concerns, once, and nobody else', async () => {
    const hub = new WaitHub();
    const woken: string[] = [];
    for (const key of ['dc1/service/web', 'dc1/service/api', 'dc1/service', 'dc1/config', 'dc1/servic']) {
      hub.wait([key, `${key}/more`], () => woken.push(key));
    }
    hub.publish(['dc1/service/web', 'dc1/service/web/more']);
    await turn();
    expect(woken).toEqual(['dc1/service/web', 'dc1/service']);
  });

  it('wakes neither who has stopped, nor for what is watched no more', async () => {
    const hub = new WaitHub();
    const woken: string[] = [];
    const moved = hub.wait(['dc1/a'], () => woken.push('moved'));
    const stopped = hub.wait(['dc1/a'], () => woken.push('stopped'));
    const late = hub.wait(['dc1/b'], () => woken.push('late'));
    moved.watch(['dc1/c']);
    stopped.stop();
    stopped.watch(['dc1/c']);
    hub.publish(['dc1/a', 'dc1/b']);
    late.stop();
    await turn();
    expect(woken).toEqual([]);
    hub.publish(['dc1/c']);
    await turn();
    expect(woken).toEqual(['moved']);
  });

  it('leaves the event loop to others between slices', async () => {
    const hub = new WaitHub();
    let woken = 0;
    for (let i = 0; i < 200; i++) hub.wait(['dc1/kv'], () => woken++);
    hub.publish(['dc1/kv/a']);
    await turn();
    expect(woken).toBe(64);
    for (let i = 0; i < 3; i++) await turn();
    expect(woken).toBe(200);
  });

  it('agrees with `touches`', async () => {
    const key = fc.array(fc.constantFrom('a', 'b', '/', 'ab'), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(key, { maxLength: 4 }), fc.array(key, { maxLength: 4 }), async (watched, changed) => {
        const hub = new WaitHub();
        let woken = false;
        hub.wait(watched, () => {
          woken = true;
        });
        hub.publish(changed);
        await turn();
        expect(woken).toBe(touches(new Set(changed), watched));
      }),
      { numRuns: 300 },
    );
  });
});
