import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/base/ports.ts';
import { cpuPercent, type LoadConfig, LoadGenerator, memoryBytes } from '../../../src/images/fake-service/load.ts';
import { request, start } from './harness.ts';

const NONE: LoadConfig = { cores: 1, cpuPercent: 0, allocatedMhz: 0, clockMhz: 1000, memoryBytes: 0, memoryVariancePercent: 0 };

describe('how much', () => {
  it('is a part of what is allocated, where that is set', () => {
    expect(cpuPercent({ ...NONE, cpuPercent: 10 }, 4)).toBe(10);
    expect(cpuPercent({ ...NONE, cpuPercent: 50, allocatedMhz: 400 }, 4)).toBe(5);
    expect(cpuPercent({ ...NONE, cpuPercent: 50, allocatedMhz: 400 }, 0)).toBe(50);
  });

  it('can be no more than there is', () => {
    const config = { ...NONE, cpuPercent: 100, allocatedMhz: 2000 };
    expect(() => new LoadGenerator(config, { next: () => 0 }, silentLog)).toThrow(/ make 200 % of 1 cores, expected at most 100 %$/);
  });

  it.each([
    [0, 512],
    [0.5, 1024],
    [0.999, 1535],
  ])('varies in memory: %d gives %d bytes', (random, bytes) => {
    expect(memoryBytes({ ...NONE, memoryBytes: 1024, memoryVariancePercent: 50 }, { next: () => random })).toBe(bytes);
  });
});

it('burns processor time while a request lasts, and no longer', async () => {
  const load = new LoadGenerator({ ...NONE, cpuPercent: 100 }, { next: () => 0 }, silentLog);
  const used = () => process.cpuUsage().user;
  const end = load.start();
  const before = used();
  await expect.poll(() => used() - before, { timeout: 10_000 }).toBeGreaterThan(200_000);
  end();
  const usedMeanwhile = async () => {
    const start = used();
    await new Promise((resolve) => setTimeout(resolve, 50));
    return used() - start;
  };
  await expect.poll(usedMeanwhile, { timeout: 10_000 }).toBeLessThan(25_000);
  await load.close();
});

it('comes with each request, and ends with the service', async () => {
  const { service, url, lines } = await start({ LOAD_CPU_CORES: '1', LOAD_CPU_PERCENTAGE: '10', LOAD_MEMORY_PER_REQUEST: '4096' });
  expect((await request(url)).status).toBe(200);
  expect((await request(url)).status).toBe(200);
  await service.close();
  expect(lines.filter((line) => line.startsWith('info Allocated memory {"bytes":4096}'))).toHaveLength(2);
  expect(lines.filter((line) => line.startsWith('info Generating CPU Load {"cores":1,"percentage":10}'))).toHaveLength(2);
});
