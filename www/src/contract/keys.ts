// Describes the key that a contract needs, and makes a throw-away one of that kind.

import type { JsonWebKeyLike, Key } from '../../../pkg/index.js';
import { takesKeys as takes } from '../../../pkg/read/contract-needs.js';
import { toBase64, toHex } from '../base/bytes.js';
import { isObject, parsed } from '../base/json.js';
import { texts } from '../base/language.js';
import type { ContractDocument } from './files.js';

interface KeyRules {
  algorithm: string;
  format: string;
  strip?: string;
  reject: string[];
  minBytes: number;
}

const PUBLIC = /^(ed25519|ecdsa-|rsa-)/;
const MAX_BYTES = 1024;

const t = texts({
  en: {
    none: 'No key: the contract declares no signature.',
    proof: 'No key: every proof contains its own.',
    unused: 'No key: the signature uses no secret.',
    secret: 'A shared secret {format}, at least {bytes} bytes long.',
    utf8: 'as text',
    base64: 'in base64',
    hex: 'in hex',
    public: 'The sender’s public key: {kind}, {format}.',
    ed25519: 'Ed25519',
    ecdsa: 'ECDSA on P-256',
    rsa: 'RSA, 2048 bits or more',
    spki: 'as PEM or the base64 inside it',
    jwk: 'as a JSON Web Key',
    strip: 'A leading {strip} is removed.',
    reject: 'It must not begin with {reject}.',
    or: ' or ',
  },
  'zh-CN': {
    none: '不需要密钥：契约声明没有签名。',
    proof: '不需要密钥：每个证明都自带密钥。',
    unused: '不需要密钥：签名内容里没有密钥。',
    secret: '共享密钥，{format}，至少 {bytes} 字节。',
    utf8: '按文本',
    base64: 'base64 编码',
    hex: '十六进制编码',
    public: '发送方的公钥：{kind}，{format}。',
    ed25519: 'Ed25519',
    ecdsa: 'P-256 上的 ECDSA',
    rsa: 'RSA，至少 2048 位',
    spki: 'PEM 或其中的 base64',
    jwk: 'JSON Web Key',
    strip: '开头的 {strip} 会被去掉。',
    reject: '不能以 {reject} 开头。',
    or: ' 或 ',
  },
});

/** Would keys be used? What is no contract takes none: the core says what is wrong with it. */
export function takesKeys(contract: ContractDocument): boolean {
  return rulesOf(contract) !== undefined && takes(contract as { signature: unknown });
}

/** Whether its key is a public one, which a link may contain. */
export function isPublicKey(contract: ContractDocument): boolean {
  return takesKeys(contract) && PUBLIC.test(rulesOf(contract)!.algorithm);
}

/** What kind of key to give, in a sentence or two. */
export function keyHint(contract: ContractDocument): string {
  const rules = rulesOf(contract);
  if (!rules)
    return t((contract.signature as { engine?: unknown } | null | undefined)?.engine === 'dpop' ? 'proof' : 'none');
  if (!takesKeys(contract)) return t('unused');
  const { algorithm, format, strip, reject, minBytes } = rules;
  const sentences = PUBLIC.test(algorithm)
    ? [t('public', { kind: t(kindOf(algorithm)), format: formatWord(format) })]
    : [t('secret', { format: formatWord(format), bytes: minBytes })];
  if (strip !== undefined) sentences.push(t('strip', { strip }));
  if (reject.length > 0) sentences.push(t('reject', { reject: reject.join(t('or')) }));
  return sentences.join(' ');
}

function formatWord(format: string): string {
  return format === 'utf8' || format === 'base64' || format === 'hex' || format === 'spki' || format === 'jwk'
    ? t(format)
    : format;
}

function kindOf(algorithm: string): 'ed25519' | 'ecdsa' | 'rsa' {
  if (algorithm.startsWith('ecdsa')) return 'ecdsa';
  return algorithm.startsWith('rsa') ? 'rsa' : 'ed25519';
}

function rulesOf({ signature }: ContractDocument): KeyRules | undefined {
  const key = (signature as { key?: Record<string, unknown> } | null | undefined)?.key;
  if (key === null || typeof key !== 'object' || typeof key.algorithm !== 'string') return undefined;
  const { strip, reject } = (key.prefix ?? {}) as { strip?: unknown; reject?: unknown };
  return {
    algorithm: key.algorithm,
    format: typeof key.format === 'string' ? key.format : 'utf8',
    strip: typeof strip === 'string' ? strip : undefined,
    reject: Array.isArray(reject) ? reject.map(String) : [],
    minBytes: typeof key.minBytes === 'number' ? key.minBytes : 16,
  };
}

// A pair takes time to make, and a verdict is to stay what it was while somebody types.
const made = new Map<string, Promise<Key[]>>();

/**
 * A key for a contract that was given none, so that every stage but the signature is judged: one, or none where it
 * takes none. The same for the same kind of key until the page is left.
 */
export function standIn(contract: ContractDocument): Promise<Key[]> {
  if (!takesKeys(contract)) return Promise.resolve([]);
  const { algorithm, format, minBytes } = rulesOf(contract)!;
  const bytes = Math.max(32, Math.min(minBytes, MAX_BYTES));
  const kind = PUBLIC.test(algorithm) ? `${kindOf(algorithm)} ${format}` : `secret ${format} ${bytes}`;
  if (!made.has(kind))
    made.set(
      kind,
      PUBLIC.test(algorithm) ? publicKey(kindOf(algorithm), format) : Promise.resolve([secret(format, bytes)]),
    );
  return made.get(kind)!;
}

function secret(format: string, length: number): Key {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return { secret: format === 'base64' ? toBase64(bytes) : toHex(bytes) };
}

const ALGORITHMS = {
  ed25519: { name: 'Ed25519' },
  ecdsa: { name: 'ECDSA', namedCurve: 'P-256' },
  rsa: { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
};

/** None on a browser that cannot make such a key. */
async function publicKey(kind: keyof typeof ALGORITHMS, format: string): Promise<Key[]> {
  try {
    const { publicKey: key } = (await crypto.subtle.generateKey(ALGORITHMS[kind], true, [
      'sign',
      'verify',
    ])) as CryptoKeyPair;
    if (format === 'jwk') {
      const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey('jwk', key);
      return [
        {
          publicKey: Object.fromEntries(
            Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined),
          ),
        },
      ];
    }
    if (format === 'spki') {
      const der = toBase64(new Uint8Array(await crypto.subtle.exportKey('spki', key)));
      return [
        { publicKey: `-----BEGIN PUBLIC KEY-----\n${der.match(/.{1,64}/g)!.join('\n')}\n-----END PUBLIC KEY-----\n` },
      ];
    }
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', key));
    return [{ publicKey: format === 'base64' ? toBase64(raw) : toHex(raw) }];
  } catch {
    return [];
  }
}

/** A JSON Web Key as an object, any other text as it is: the core says what is wrong with it. */
export function keyValue(text: string): string | JsonWebKeyLike {
  const value = /^\s*\{/.test(text) ? parsed(text) : undefined;
  return isObject(value) ? value : text;
}
