import { describe, expect, it } from 'vitest';
import { serviceRouter } from '../../src/entries/service-router.ts';
import { prepare, refused, stored } from './prepare.ts';

const routes = (http: object, destination?: object) => ({
  Routes: [{ Match: { HTTP: http }, ...(destination ? { Destination: destination } : {}) }],
});

describe('what Consul stores of a service-router', () => {
  it.each([
    [
      'blocks inside a list, commas or not, methods in any case',
      `kind = "service-router"
       name = "web"
       routes = [
         {
           match { http { path_prefix = "/admin" header = [ { name = "x-debug" exact = "1" } ] query_param = [ { name = "q" present = true } ] methods = ["get","post"] } }
           destination { service = "admin" request_timeout = "30s" num_retries = 3 retry_on_status_codes = [502, 503] retry_on_connect_failure = true prefix_rewrite = "/" }
         },
         { match = { http = { path_exact = "/x" } } },
       ]`,
      '{"Kind":"service-router","Name":"web","Routes":[{"Match":{"HTTP":{"PathPrefix":"/admin","Header":[{"Name":"x-debug","Exact":"1"}],' +
        '"QueryParam":[{"Name":"q","Present":true}],"Methods":["GET","POST"]}},"Destination":{"RequestTimeout":"30s","Service":"admin",' +
        '"PrefixRewrite":"/","NumRetries":3,"RetryOnConnectFailure":true,"RetryOnStatusCodes":[502,503]}},{"Match":{"HTTP":{"PathExact":"/x"}}}]}',
    ],
    [
      'repeated blocks',
      'kind = "service-router"\nname = "web"\nroutes { match { http { path_prefix = "/a" } } }\nroutes { match { http { path_prefix = "/b" } } }',
      '{"Kind":"service-router","Name":"web","Routes":[{"Match":{"HTTP":{"PathPrefix":"/a"}}},{"Match":{"HTTP":{"PathPrefix":"/b"}}}]}',
    ],
    [
      'one block',
      'kind = "service-router"\nname = "web"\nroutes { match { http { path_prefix = "/a" } } }',
      '{"Kind":"service-router","Name":"web","Routes":[{"Match":{"HTTP":{"PathPrefix":"/a"}}}]}',
    ],
    [
      'one header as a block',
      'kind = "service-router"\nname = "web"\nroutes = [ { match { http { header { name = "x" exact = "1" } } } } ]',
      '{"Kind":"service-router","Name":"web","Routes":[{"Match":{"HTTP":{"Header":[{"Name":"x","Exact":"1"}]}}}]}',
    ],
    [
      'columns of spaces, commas after everything',
      'Kind = "service-router",\nName = "web",\nRoutes = [\n  {\n    Match { HTTP { Header = [ { Name  = "X-Group"\n Exact = "dev" }, ] } },\n    Destination { Service  = "web", ServiceSubset = "v2", },\n  },\n],',
      '{"Kind":"service-router","Name":"web","Routes":[{"Match":{"HTTP":{"Header":[{"Name":"X-Group","Exact":"dev"}]}},"Destination":{"Service":"web","ServiceSubset":"v2"}}]}',
    ],
    [
      'header edits, and retry conditions',
      'kind = "service-router"\nname = "web"\nroutes { destination { retry_on = ["5xx"] request_headers { add { a = "b" } set = { c = "d" } remove = ["e"] } } }',
      '{"Kind":"service-router","Name":"web","Routes":[{"Destination":{"RetryOn":["5xx"],"RequestHeaders":{"Add":{"a":"b"},"Set":{"c":"d"},"Remove":["e"]}}}]}',
    ],
    [
      'nothing of an unknown field',
      'kind = "service-router"\nname = "web"\nroutes = [ { match { http { path_prefx = "/a" } } } ]',
      '1 error occurred:\n\t* invalid config key "Routes[0].Match.HTTP.path_prefx"\n\n',
    ],
  ])('%s', (_, text, json) => {
    expect(stored(text)).toBe(json);
  });
});

describe('what is refused', () => {
  it.each([
    [{ Name: '' }, 'Name is required'],
    [routes({ PathExact: 'x' }), `Route[0] PathExact doesn't start with '/': "x"`],
    [routes({ PathPrefix: 'v2' }), `Route[0] PathPrefix doesn't start with '/': "v2"`],
    [routes({ PathPrefix: '/v2', PathExact: '/x' }), 'Route[0] should only contain at most one of PathExact, PathPrefix, or PathRegex'],
    [routes({ PathRegex: '(' }), 'Route[0] PathRegex is not a valid expression: error parsing regexp: missing closing ): `(`'],
    [routes({ Header: [{ Present: true }] }), 'Route[0] Header[0] missing required Name field'],
    [
      routes({ Header: [{ Name: 'x', Present: true, Exact: 'y' }] }),
      'Route[0] Header[0] should only contain one of Present, Exact, Prefix, Suffix, or Regex',
    ],
    [routes({ Header: [{ Name: 'x' }] }), 'Route[0] Header[0] should only contain one of Present, Exact, Prefix, Suffix, or Regex'],
    [
      routes({ Header: [{ Name: 'x', Present: true, IgnoreCase: true }] }),
      'Route[0] Header[0] should set one of Exact, Prefix, Suffix, or Contains when using IgnoreCase',
    ],
    [routes({ QueryParam: [{ Exact: 'y' }] }), 'Route[0] QueryParam[0] missing required Name field'],
    [
      routes({ QueryParam: [{ Name: 'x', Exact: 'y', Regex: 'z' }] }),
      'Route[0] QueryParam[0] should only contain one of Present, Exact, or Regex',
    ],
    [routes({ Methods: ['FOO'] }), 'Route[0] Methods contains an invalid method "FOO"'],
    [routes({ Methods: ['get', 'GET'] }), 'Route[0] Methods contains "GET" more than once'],
    [
      routes({ PathRegex: '/x' }, { PrefixRewrite: '/' }),
      'Route[0] cannot make use of PrefixRewrite without configuring either PathExact or PathPrefix',
    ],
    [routes({}, { RetryOn: ['5xx', 'often'] }), 'Route[0] contains an invalid retry condition: "often"'],
    [routes({}, { NumRetries: -1 }), 'Route[0] NumRetries cannot be negative: -1'],
    [routes({}, { RetryOnStatusCodes: [42] }), 'Route[0] contains an invalid status code to retry on: 42'],
    [routes({}, { RequestHeaders: { Set: { 'a b': 'c' } } }), 'Route[0] RequestHeaders.Set has an invalid header name "a b"'],
    [routes({}, { ResponseHeaders: { Add: { a: 'b\r\nc' } } }), 'Route[0] ResponseHeaders.Add has an invalid value for header "a"'],
  ])('%j', (fields, message) => {
    expect(refused('service-router', fields)).toBe(message);
  });

  it('reports all of it at once to people', () => {
    const { problems } = prepare('service-router', routes({ PathPrefix: 'x', Methods: ['FOO'] }));
    expect(problems.map((p) => p.path)).toEqual(['Routes[0].Match.HTTP.PathPrefix', 'Routes[0].Match.HTTP.Methods[0]']);
  });
});

it('warns of what will have no effect', () => {
  const { entry, problems } = prepare(
    'service-router',
    routes({ PathRegex: '/a', CaseInsensitive: true }, { RequestHeaders: { Set: { Host: 'x', a: '%PROTOCOL% %HOSTNAME%' } } }),
  );
  expect(entry).toBeDefined();
  expect(problems.map((p) => `${p.severity}: ${p.summary}`)).toEqual([
    'warning: Route[0] CaseInsensitive has no effect on PathRegex: begin the expression with (?i)',
    'warning: Route[0] RequestHeaders.Set names "Host", which only sidecars write: it stays as it is',
    'warning: Route[0] RequestHeaders.Set has %HOSTNAME% for header "a", which is no operator here: the value stays as it is',
  ]);
});

it('speaks of its own service and of those that it leads to', () => {
  const { entry } = prepare('service-router', { Routes: [{ Destination: { Service: 'a' } }, { Destination: { ServiceSubset: 'v' } }, {}] });
  expect(serviceRouter.references(entry!)).toEqual([{ service: 'web' }, { service: 'a' }]);
});
