import { describe, expect, it } from 'vitest';
import { commandWords, parseCall, parseService, parseServices } from '../../../src/app/init/answers.ts';

describe('services', () => {
  it('may stand on one line', () => {
    expect(parseServices('web=node web.js:8080, pay-ments = ./p a,b=c : 9090').map(({ name, port }) => [name, port])).toEqual([
      ['web', 8080],
      ['pay-ments', 9090],
    ]);
  });
});

describe('a service', () => {
  it.each([
    ['web=node web.js:8080', ['web', ['node', 'web.js'], 8080]],
    ['  web = npm run "my start" : 80 ', ['web', ['npm', 'run', 'my start'], 80]],
    ['api=cd api && ./run http://localhost:1:9090', ['api', ['sh', '-c', 'cd api && ./run http://localhost:1'], 9090]],
  ])('%s', (text, [name, command, port]) => {
    expect(parseService(text)).toEqual({ name, command, port });
  });

  it.each([
    ['node web.js:8080', 'names no service'],
    ['we b=node:80', 'names no service'],
    ['wéb=node:80', 'is not a name'],
    ['web=node web.js', 'the port is missing'],
    ['web=node:0', '0 is not a port'],
    ['web=:80', 'the command is missing'],
  ])('%s is refused: %s', (text, why) => {
    expect(() => parseService(text)).toThrow(why);
  });
});

describe('a call', () => {
  const services = ['web', 'payments'].map((name) => ({ name, command: ['x'], port: 1 }));

  it.each(['web=payments', ' web -> payments '])('%s', (text) => {
    expect(parseCall(text, services)).toEqual({ from: 'web', to: 'payments' });
  });

  it.each([
    ['web payments', 'is not a call'],
    ['web=api', 'there is no service "api"'],
    ['web=web', 'calls itself'],
  ])('%s is refused: %s', (text, why) => {
    expect(() => parseCall(text, services)).toThrow(why);
  });
});

describe('commandWords', () => {
  it('takes quotes away, and leaves to a shell what only it understands', () => {
    expect(commandWords(`node 'a b.js' --x="1 2"`)).toEqual(['node', 'a b.js', '--x=1 2']);
    expect(commandWords('PORT=$PORT node a.js')).toEqual(['sh', '-c', 'PORT=$PORT node a.js']);
  });
});
