/** What a file that is no JSONL seems to be, and what to do about it. */
export interface ForeignFile {
  readonly what: string
  readonly hint: string
}

const signatures: readonly (ForeignFile & { readonly bytes: readonly number[] })[] = [
  { bytes: [0x1f, 0x8b], what: 'compressed with gzip', hint: 'unpack it first: gunzip -k FILE' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: 'compressed with zstd', hint: 'unpack it first: zstd -d FILE' },
  { bytes: [0x50, 0x4b, 0x03, 0x04], what: 'a ZIP archive or an Excel file', hint: 'export it as JSONL' },
  { bytes: [0x50, 0x41, 0x52, 0x31], what: 'a Parquet file', hint: 'export it as JSONL' },
  { bytes: [0xff, 0xfe], what: 'UTF-16 text', hint: 'save it as UTF-8' },
  { bytes: [0xfe, 0xff], what: 'UTF-16 text', hint: 'save it as UTF-8' },
]

/** Looks at the first bytes of a file; `undefined` when it can be JSONL. */
export function foreignFile(head: Uint8Array): ForeignFile | undefined {
  const known = signatures.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte))
  if (known !== undefined) return { what: known.what, hint: known.hint }
  const text = Buffer.from(head)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
  if (text.startsWith('[')) {
    return {
      what: 'one JSON list, not one record a line',
      hint: 'write one record a line: jq -c ".[]" FILE > FILE.jsonl',
    }
  }
  if (/^\{[ \t]*\r?\n/.test(text)) {
    return {
      what: 'JSON over several lines, not one record a line',
      hint: 'write one record a line: jq -c . FILE > FILE.jsonl',
    }
  }
  return undefined
}
