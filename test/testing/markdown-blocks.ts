export interface MarkdownBlock {
  /** What follows the opening fence, such as `sh`. */
  readonly language: string
  readonly lines: readonly string[]
}

/** The fenced blocks of a document, in their order. */
export function markdownBlocks(document: string): MarkdownBlock[] {
  return [...document.replaceAll('\r\n', '\n').matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map((match) => ({
    language: match[1] ?? '',
    lines: (match[2] ?? '').split('\n').filter((line) => line !== ''),
  }))
}

/** A command line in words, as a shell without variables would cut it. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  )
}
