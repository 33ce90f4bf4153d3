import { createHash } from 'node:crypto'
import type { Detector } from '../detector.ts'
import { tokenFlag } from '../detector.ts'
import { drawnForm } from '../fill-form.ts'

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const bech32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'

const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest()

/** 25 bytes of which the last four are the double SHA-256 of the others (Base58Check). */
export function isBase58Check(value: string): boolean {
  let number = 0n
  for (const character of value) {
    const digit = base58.indexOf(character)
    if (digit === -1) return false
    number = number * 58n + BigInt(digit)
  }
  const hex = number.toString(16)
  if (hex.length > 50) return false
  const bytes = Buffer.from(hex.padStart(50, '0'), 'hex')
  return sha256(sha256(bytes.subarray(0, 21)))
    .subarray(0, 4)
    .equals(bytes.subarray(21))
}

/** Checksum of BIP 173 (constant 1) or BIP 350 (0x2bc830a3). */
export function isBech32(value: string): boolean {
  const lower = value.toLowerCase()
  const [prefix, data] = [lower.slice(0, lower.lastIndexOf('1')), lower.slice(lower.lastIndexOf('1') + 1)]
  const codes = Array.from(prefix, (character) => character.charCodeAt(0))
  const values = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)]
  for (const character of data) {
    const digit = bech32.indexOf(character)
    if (digit === -1) return false
    values.push(digit)
  }
  let check = 1
  for (const next of values) {
    const top = check >> 25
    check = ((check & 0x1ffffff) << 5) ^ next
    for (const [bit, generator] of [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].entries()) {
      if (((top >> bit) & 1) === 1) check ^= generator
    }
  }
  return check === 1 || check === 0x2bc830a3
}

const pattern =
  /(?<![\p{L}\d_])(?:0x[\da-f]{40}|bc1[a-z\d]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34})(?![\p{L}\d_])/iu

export const cryptoAddress: Detector = {
  kind: 'crypto',
  group: 'financial',
  title: 'wallet address',
  covers: 'Bitcoin (with its checksum) and Ethereum',
  misses: 'of other currencies; transaction hashes',
  token: {
    flags: tokenFlag.digit | tokenFlag.letter | tokenFlag.long,
    find({ text }, start, end, found) {
      if (end - start > 200) return
      const match = pattern.exec(text.slice(start, end))
      if (match === null) return
      const value = match[0]
      const isRight = /^0x/i.test(value)
        ? !/^0x0{8}/i.test(value)
        : /^bc1/i.test(value)
          ? isBech32(value)
          : isBase58Check(value)
      if (isRight) found(start + match.index, start + match.index + value.length)
    },
  },
  normalized: (value) => value,
  pseudonym(value, random) {
    if (/^0x/i.test(value)) {
      return `0x00000000${Array.from({ length: 32 }, () => random.integer(16).toString(16)).join('')}`
    }
    // A checksum that is right would be somebody's wallet, or a place where money is lost.
    return value.slice(0, 3) + drawnForm(value.slice(3), random)
  },
}
