import { createSocket } from 'node:dgram';
import { expect, it } from 'vitest';
import { request, start } from './harness.ts';

it('sends DogStatsD datagrams', async () => {
  const lines: string[] = [];
  const agent = createSocket('udp4').on('message', (message) => lines.push(message.toString()));
  await new Promise<void>((resolve) => agent.bind(0, '127.0.0.1', resolve));
  const env = { METRICS_DATADOG_HOST: '127.0.0.1', METRICS_DATADOG_PORT: String(agent.address().port), NAME: 'web', ERROR_RATE: '0.5' };
  const { service, url } = await start(env);
  await request(url);
  await request(url);
  await request(`${url}/health`);
  await expect.poll(() => lines).toHaveLength(4);
  await service.close();
  agent.close();
  const tags = '#service:web,env:production';
  expect(lines.map((line) => line.replace(/\d+\.\d{6}\|ms/, '<ms>|ms'))).toEqual([
    `service.started:1|c|${tags}`,
    `handle.request.http:<ms>|ms|${tags},response:200`,
    `handle.request.http:<ms>|ms|${tags},response:500,error:true`,
    `handle.health.http:<ms>|ms|${tags}`,
  ]);
});
