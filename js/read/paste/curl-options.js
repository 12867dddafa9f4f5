// The options of curl that take a value, and which of them say something of the message.

const SHORT = {
  A: 'user-agent',
  E: 'cert',
  F: 'form',
  G: 'get',
  H: 'header',
  I: 'head',
  K: 'config',
  P: 'ftp-port',
  Q: 'quote',
  T: 'upload-file',
  U: 'proxy-user',
  X: 'request',
  Y: 'speed-limit',
  b: 'cookie',
  c: 'cookie-jar',
  C: 'continue-at',
  d: 'data',
  D: 'dump-header',
  e: 'referer',
  h: 'help',
  m: 'max-time',
  o: 'output',
  r: 'range',
  t: 'telnet-option',
  u: 'user',
  w: 'write-out',
  x: 'proxy',
  y: 'speed-time',
  z: 'time-cond',
};

/** Options that change the message; the rest is ignored. */
export const READ = new Set([
  'cookie',
  'data',
  'data-ascii',
  'data-binary',
  'data-raw',
  'data-urlencode',
  'form',
  'form-string',
  'header',
  'json',
  'oauth2-bearer',
  'referer',
  'request',
  'request-target',
  'upload-file',
  'url',
  'url-query',
  'user',
  'user-agent',
]);

const IGNORED = new Set([
  'abstract-unix-socket',
  'alt-svc',
  'aws-sigv4',
  'cacert',
  'capath',
  'cert',
  'cert-type',
  'ciphers',
  'config',
  'connect-timeout',
  'connect-to',
  'continue-at',
  'cookie-jar',
  'create-file-mode',
  'crlfile',
  'curves',
  'delegation',
  'dns-interface',
  'dns-servers',
  'doh-url',
  'dump-header',
  'engine',
  'etag-compare',
  'etag-save',
  'expect100-timeout',
  'ftp-port',
  'happy-eyeballs-timeout-ms',
  'help',
  'hsts',
  'interface',
  'keepalive-time',
  'key',
  'key-type',
  'limit-rate',
  'local-port',
  'login-options',
  'max-filesize',
  'max-redirs',
  'max-time',
  'netrc-file',
  'noproxy',
  'output',
  'output-dir',
  'parallel-max',
  'pass',
  'pinnedpubkey',
  'preproxy',
  'proto',
  'proto-default',
  'proto-redir',
  'proxy',
  'proxy-header',
  'proxy-user',
  'quote',
  'range',
  'rate',
  'resolve',
  'retry',
  'retry-delay',
  'retry-max-time',
  'socks4',
  'socks4a',
  'socks5',
  'socks5-hostname',
  'speed-limit',
  'speed-time',
  'stderr',
  'telnet-option',
  'time-cond',
  'tls-max',
  'tls13-ciphers',
  'trace',
  'trace-ascii',
  'unix-socket',
  'variable',
  'write-out',
]);

function takesValue(name) {
  return READ.has(name) || IGNORED.has(name);
}

/**
 * The options and URLs of a command in their order; a URL is an option without a name. `written` is as the command has
 * it.
 */
export function* optionsOf(words) {
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at];
    if (word === '-' || !word.startsWith('-')) yield { name: '', value: word, written: word };
    else if (word.startsWith('--')) {
      const [, name = '', , joined] = /^--([^=]*)(=([\s\S]*))?$/.exec(word) ?? [];
      if (takesValue(name) && joined === undefined) at += 1;
      yield { name, value: joined ?? words[at] ?? '', written: `--${name}` };
    } else {
      for (let letter = 1; letter < word.length; letter += 1) {
        const name = SHORT[word[letter]] ?? word[letter];
        const written = `-${word[letter]}`;
        if (!takesValue(name)) {
          yield { name, value: '', written };
          continue;
        }
        const rest = word.slice(letter + 1);
        if (rest === '') at += 1;
        yield { name, value: rest === '' ? (words[at] ?? '') : rest, written };
        break;
      }
    }
  }
}
