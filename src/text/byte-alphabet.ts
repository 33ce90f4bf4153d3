/**
 * GPT-2's spelling of bytes as printable characters (`bytes_to_unicode`, `encoder.py` of openai/gpt-2): printable
 * Latin-1 characters stand for themselves, the other 68 bytes for U+0100 and up, in order.
 */
export const byteCharacters: readonly string[] = spellBytes()

const byteOfCharacter: ReadonlyMap<string, number> = new Map(
  byteCharacters.map((character, byte) => [character, byte]),
)

const utf8 = new TextEncoder()

/** The bytes which a token of a byte-level vocabulary stands for; one that is not spelt in bytes stands for itself. */
export function bytesOfToken(token: string): Uint8Array {
  const bytes: number[] = []
  for (const character of token) {
    const byte = byteOfCharacter.get(character)
    if (byte === undefined) return utf8.encode(token)
    bytes.push(byte)
  }
  return Uint8Array.from(bytes)
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad && byte <= 0xff)
}

function spellBytes(): string[] {
  let next = 0x100
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isPrintable(byte) ? byte : next++))
}
