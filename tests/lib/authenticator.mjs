/*
 * A passkey authenticator in software, for tests that want to break one thing at a time: what it
 * makes is what a browser would send (WebAuthn, sections 5.8.1 and 6.1).
 */
import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
export const base64url = (bytes) => Buffer.from(bytes).toString('base64url');

const PRESENT = 0x01;
const VERIFIED = 0x04;
const KEY = 0x40;

/** A COSE key (RFC 8152) of ES256: {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
function coseKey({ x, y }) {
  return Buffer.concat([Buffer.from('a5010203262001215820', 'hex'), x, Buffer.from('225820', 'hex'), y]);
}

/**
 * origin   whose pages it believes to be on; the host is its relying party
 * Each ceremony takes the form's token and what is to be wrong: origin, host, type, challenge, flags,
 * crossOrigin, count, signature (a function of the bytes), json (the whole of the client data).
 */
export class Authenticator {
  constructor(origin) {
    this.origin = origin;
    this.host = new URL(origin).hostname;
    this.id = randomBytes(32);
    this.count = 0;
    this.keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  }

  #client(type, token, wrong) {
    const data = {
      type: wrong.type ?? type,
      challenge: base64url(Buffer.from(wrong.challenge ?? token, 'hex')),
      origin: wrong.origin ?? this.origin,
      crossOrigin: wrong.crossOrigin ?? false,
    };
    return Buffer.from(wrong.json ?? JSON.stringify(data));
  }

  #data(flags, wrong, tail = Buffer.alloc(0)) {
    const head = Buffer.alloc(5);
    head[0] = wrong.flags ?? flags;
    head.writeUInt32BE(wrong.count ?? this.count, 1);
    return Buffer.concat([sha256(wrong.host ?? this.host), head, tail]);
  }

  /** A new passkey: { client, authenticator } of the form. */
  create(token, wrong = {}) {
    const { x, y } = this.keys.publicKey.export({ format: 'jwk' });
    const point = { x: Buffer.from(x, 'base64url'), y: Buffer.from(y, 'base64url'), ...wrong.point };
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const tail = wrong.tail ?? Buffer.concat([Buffer.alloc(16), length, this.id, coseKey(point)]);
    return {
      client: base64url(this.#client('webauthn.create', token, wrong)),
      authenticator: base64url(this.#data(PRESENT | VERIFIED | KEY, wrong, tail)),
    };
  }

  /** A sign-in: { key, user, client, authenticator, signature } of the form. */
  get(token, user, wrong = {}) {
    this.count += 1;
    const client = this.#client('webauthn.get', token, wrong);
    const data = this.#data(PRESENT | VERIFIED, wrong);
    let signature = createSign('sha256').update(Buffer.concat([data, sha256(client)])).sign(this.keys.privateKey);
    if (wrong.signature) signature = wrong.signature(signature);
    return {
      key: base64url(wrong.id ?? this.id), user: wrong.user ?? user, client: base64url(client),
      authenticator: base64url(data), signature: base64url(signature),
    };
  }
}
