import { delimited } from './delimited.ts'
import { json } from './json.ts'
import { jsonl } from './jsonl.ts'
import { parquet } from './parquet.ts'
import type { SourceKind } from './source-kind.ts'
import { textPairs } from './text-pairs.ts'
import { xlsx } from './xlsx.ts'

/** Every kind of file. The first that the content fits is taken; JSONL, which fits everything, comes last. */
export const sourceKinds: readonly SourceKind[] = [parquet, xlsx, json, textPairs, delimited, jsonl]

/** @param ending of the file's name, lower case, without the dot */
export function detectKind(head: Buffer, ending: string): SourceKind {
  return sourceKinds.find((kind) => kind.fits(head, ending)) ?? jsonl
}
