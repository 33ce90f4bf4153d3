// Controls, invisible format characters and lone surrogates: what could drive a terminal, turn the reading direction
// around or hide text. Zero-width joiners stay, since emoji and several scripts need them.
const hidden =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu

/** The text with every character that is not seen written as ‹U+202E›; line breaks and tabs stay when told. */
export function printableText(text: string, options: { readonly keepLines?: boolean } = {}): string {
  return text.replaceAll(hidden, (character) =>
    options.keepLines === true && (character === '\n' || character === '\t')
      ? character
      : `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
  )
}
