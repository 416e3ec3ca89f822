import { describe, expect, it } from 'vitest';
import { type ImageMapping, mappingOf } from '../../src/blueprints/image-mapping.ts';

const mapping = (pattern: string, program = pattern): ImageMapping => ({
  pattern,
  command: [program],
  workingDirectory: '/',
  env: {},
  ports: [],
});

const found = (reference: string, ...patterns: string[]): string | undefined =>
  mappingOf(
    reference,
    patterns.map((pattern) => mapping(pattern)),
  )?.pattern;

describe('the program that stands for an image', () => {
  it.each([
    ['ghcr.io/acme/api:v1', 'ghcr.io/acme/api:v1'],
    ['ghcr.io/acme/api:v1', 'ghcr.io/acme/api'],
    ['ghcr.io/acme/api', 'ghcr.io/acme/api'],
    ['ghcr.io/acme/api', 'ghcr.io/acme/api:latest'],
    ['ghcr.io/acme/api:v1.2', 'ghcr.io/acme/api:v1.*'],
    ['ghcr.io/acme/api:v1.2', 'ghcr.io/acme/*'],
    ['ghcr.io/acme/api:v1.2', 'ghcr.io/acme/*:v1.*'],
    ['localhost:5000/api', 'localhost:5000/api'],
    ['localhost:5000/api:v1', 'localhost:5000/api'],
    ['docker.io/library/nginx:1', 'nginx'],
    ['nginx', 'docker.io/library/nginx'],
    ['acme/api@sha256:00', 'acme/api'],
    ['acme/api:v1@sha256:00', 'acme/api:v1'],
  ])('%s is %s', (reference, pattern) => {
    expect(found(reference, pattern)).toBe(pattern);
  });

  it.each([
    ['ghcr.io/acme/api:v2', 'ghcr.io/acme/api:v1'],
    ['ghcr.io/acme/api:v2.1', 'ghcr.io/acme/api:v1.*'],
    ['ghcr.io/acme/api', 'acme/api'],
    ['ghcr.io/acme/team/api', 'ghcr.io/acme/*'],
    ['acme/apix', 'acme/api'],
    ['acme/api:v1x2', 'acme/api:v1.2'],
    ['acme/api:1', 'acme/a+i'],
    ['localhost:5000/api', 'localhost'],
  ])('%s is not %s', (reference, pattern) => {
    expect(found(reference, pattern)).toBeUndefined();
  });

  it('is the one that says most', () => {
    const patterns = ['*/*', 'acme/*', 'acme/api', 'acme/api:*', 'acme/api:v1.*', 'acme/api:v1.2'];
    for (let count = patterns.length; count > 0; count--) {
      const left = patterns.slice(0, count);
      expect(found('acme/api:v1.2', ...left)).toBe(left.at(-1));
      expect(found('acme/api:v1.2', ...left.toReversed())).toBe(left.at(-1));
    }
  });

  it('is the first of equals', () => {
    expect(mappingOf('acme/api:v1', [mapping('acme/api', 'project'), mapping('acme/api', 'user')])?.command).toEqual(['project']);
  });
});
