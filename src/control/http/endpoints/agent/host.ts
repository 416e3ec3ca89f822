import { statfs } from 'node:fs/promises';
import { arch, cpus, freemem, hostname, platform, release, totalmem, uptime } from 'node:os';
import { type Answer, json } from '../../answer.ts';
import type { Api, ApiRequest } from '../../endpoint.ts';

/** Memory, processors, system and disk of this machine. */
export async function host(request: ApiRequest, mesh: Api): Promise<Answer> {
  request.acl.require('operator', 'read');
  const [total, free] = [totalmem(), freemem()];
  const now = mesh.clock.now();
  return json({
    Memory: { total, available: free, used: total - free, usedPercent: percent(total - free, total), free },
    CPU: cpus().map(({ model, speed }, i) => ({ cpu: i, modelName: model, cores: 1, mhz: speed })),
    Host: {
      hostname: hostname(),
      uptime: Math.floor(uptime()),
      bootTime: Math.floor(now / 1000 - uptime()),
      os: platform(),
      kernelVersion: release(),
      kernelArch: arch(),
    },
    Disk: await disk('/'),
    CollectionTime: now * 1_000_000,
    Errors: null,
  });
}

async function disk(path: string): Promise<object> {
  const { bsize, blocks, bavail, files, ffree } = await statfs(path);
  const [total, free] = [bsize * blocks, bsize * bavail];
  const inodes = { inodesTotal: files, inodesUsed: files - ffree, inodesFree: ffree, inodesUsedPercent: percent(files - ffree, files) };
  return { path, total, free, used: total - free, usedPercent: percent(total - free, total), ...inodes };
}

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : (part / whole) * 100);
