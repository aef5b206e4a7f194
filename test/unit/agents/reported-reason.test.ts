import { describe, expect, test } from 'vitest';
import { reasonIn, reasonInText } from '../../../src/agents/reported-reason.ts';

describe('the reason in an error body', () => {
  test.each<[string, unknown, string]>([
    ['our contract', { error: 'too rude', retryable: false }, 'too rude'],
    ['an error with a message', { error: { message: 'too rude' } }, 'too rude'],
    ['FastAPI', { detail: 'The story is too long' }, 'The story is too long'],
    [
      'FastAPI’s validation',
      {
        detail: [
          { type: 'missing', loc: ['body', 'story'], msg: 'Field required', input: {} },
          { type: 'string_type', loc: ['body', 'tags', 0], msg: 'Input should be a valid string' },
        ],
      },
      'body.story: Field required; body.tags.0: Input should be a valid string',
    ],
    ['FastAPI with an object', { detail: { error: 'too rude', retryable: false } }, 'too rude'],
    [
      'problem+json',
      { type: 'https://example.com/credit', title: 'No credit', status: 403, detail: 'It costs 50.', instance: '/1' },
      'No credit: It costs 50.',
    ],
    ['problem+json without detail', { type: 'about:blank', title: 'No credit', status: 403 }, 'No credit'],
    [
      'ASP.NET',
      { title: 'One or more validation errors occurred.', status: 400, errors: { Story: ['Required.', 'Too short.'] } },
      'One or more validation errors occurred. Story: Required. Too short.',
    ],
    ['Express', { error: 'request entity too large' }, 'request entity too large'],
    [
      'OpenAI',
      { error: { message: 'Rate limit reached', type: 'tokens', param: null, code: 'x' } },
      'Rate limit reached',
    ],
    ['Anthropic', { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'Overloaded'],
    [
      'Google',
      { error: { code: 400, message: 'Invalid key', status: 'INVALID_ARGUMENT', details: [] } },
      'Invalid key',
    ],
    [
      'Spring',
      { timestamp: '2026-01-01', status: 400, error: 'Bad Request', message: 'No story', path: '/generate' },
      'No story',
    ],
    [
      'NestJS',
      { statusCode: 400, message: ['story must be a string', 'story is empty'], error: 'Bad Request' },
      'story must be a string; story is empty',
    ],
    ['Rails', { errors: { story: ["can't be blank"], cid: ['is invalid'] } }, "story: can't be blank; cid: is invalid"],
    ['Rails with a list', { errors: ['Story is too long', 'Cid is invalid'] }, 'Story is too long; Cid is invalid'],
    ['Laravel', { message: 'Invalid.', errors: { story: ['Required.'] } }, 'Invalid. story: Required.'],
    [
      'JSON:API',
      { errors: [{ status: '422', title: 'Invalid Attribute', detail: 'Too short.', source: { pointer: '/data' } }] },
      'Invalid Attribute: Too short.',
    ],
    ['GraphQL', { errors: [{ message: 'No such field', locations: [], path: ['a'] }] }, 'No such field'],
    ['gRPC-gateway', { code: 3, message: 'story is required', details: [] }, 'story is required'],
    ['OAuth', { error: 'invalid_client', error_description: 'Unknown client' }, 'invalid_client: Unknown client'],
    ['AWS Lambda', { errorMessage: 'Task timed out', errorType: 'Timeout' }, 'Task timed out'],
    ['.NET', { Message: 'The request is invalid.' }, 'The request is invalid.'],
    ['a flag and a message', { error: true, message: 'too rude' }, 'too rude'],
    ['a status alone', { error: 'Not Found' }, 'Not Found'],
    ['a string', 'too rude', 'too rude'],
    ['a list', ['too rude', 'too long', 'too rude'], 'too rude; too long'],
    ['fields without text', { error: 7, message: null, detail: [] }, ''],
    ['a result', { title: 'The Lamp', code: '<p>' }, ''],
    ['null', null, ''],
  ])('the reason as %s gives it is found', (_who, body, reason) => {
    expect(reasonIn(body)).toBe(reason);
  });

  test('a reason is one line of at most 200 characters without control characters', () => {
    expect(reasonIn({ detail: 'a\u0000\u001b[31m\r\n b\u202e' })).toBe('a [31m b');
    expect([...reasonIn({ detail: 'x'.repeat(10_000) })]).toHaveLength(200);
  });

  test('a deeply nested body gives no reason, and does no harm', () => {
    let body: unknown = 'deep';
    for (let depth = 0; depth < 5_000; depth += 1) body = { detail: body };
    expect(reasonIn(body)).toBe('');
  });
});

describe('the reason in a page', () => {
  test.each<[string, string, string]>([
    [
      'nginx',
      '<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n<body>\r\n<center><h1>413 Request Entity Too Large</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n',
      '413 Request Entity Too Large nginx/1.22.1',
    ],
    [
      'Express',
      '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>PayloadTooLargeError: request entity too large<br> &nbsp; &nbsp;at readStream</pre>\n</body>',
      'Error: PayloadTooLargeError: request entity too large at readStream',
    ],
    [
      'Cloudflare',
      '<!DOCTYPE html><!--[if lt IE 7]> <html class="ie6"> <![endif]--><head><title>example.com | 502: Bad gateway</title><style>body { margin: 0 }</style><script>let a = "<b>";</script></head><body><h1>Bad gateway</h1>',
      'example.com | 502: Bad gateway: Bad gateway',
    ],
    [
      'haproxy',
      '<html><body><h1>503 Service Unavailable</h1>\nNo server is available.\n</body></html>\n',
      '503 Service Unavailable No server is available.',
    ],
    [
      'S3',
      '<?xml version="1.0"?>\n<Error><Code>EntityTooLarge</Code><Message>Too large</Message></Error>',
      'EntityTooLarge Too large',
    ],
    [
      'Flask',
      '<!doctype html>\n<html lang=en>\n<title>404</title>\n<p>No &quot;story&quot; at &lt;/x&gt;',
      '404: No "story" at </x>',
    ],
    ['a text', 'the story has a < b > c', 'the story has a < b > c'],
  ])('the page of %s is shown without its markup', (_who, page, reason) => {
    expect(reasonInText(page)).toBe(reason);
  });

  test.each(['<', '<title', '<!--', '<script', '<p>a'])('a page of nothing but %s is read in linear time', (part) => {
    reasonInText(part.repeat((64 * 1_024) / part.length));
  });
});
