import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import type { ErrorPlace } from '../core/errors.ts'
import { toConfigProblems } from './config-issues.ts'
import { configError, pointerOf, type ConfigProblem, type KeyPath } from './config-problem.ts'
import type { JsonSchema } from './config-schema.ts'

/** What a file of settings must look like. */
export interface FileForm<Config> {
  readonly schema: z.ZodType<Config>
  /** The same as JSON Schema, for what was probably meant. */
  readonly jsonSchema: () => JsonSchema
  /** What is wrong although each key is right. */
  readonly conflicts?: (raw: unknown) => ConfigProblem[]
}

/** A file that fits its form, and where its parts stand. */
export interface ParsedFile<Config> {
  readonly config: Config
  readonly placeOf: (path: KeyPath) => ErrorPlace
}

/**
 * Reads the text of a file of settings (YAML 1.2, of which JSON is a part) and checks it. Reads no other file.
 *
 * @throws HoneError `E_CONFIG` with every problem and its line.
 */
export function parseYamlFile<Config>(
  text: string,
  file: string,
  form: FileForm<Config>,
): ParsedFile<Config> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  const placeOf = (path: KeyPath): ErrorPlace => {
    const offset = offsetOf(document, path)
    const pointer = path.length === 0 ? {} : { pointer: pointerOf(path) }
    return { file, ...(offset === undefined ? {} : { line: lines.linePos(offset).line }), ...pointer }
  }
  const broken = [...document.errors, ...document.warnings][0]
  if (broken !== undefined) {
    const message = broken.message.split('\n')[0] ?? broken.code
    throw configError([{ path: [], message }], () => ({ file, line: lines.linePos(broken.pos[0]).line }))
  }
  const raw = toValue(document, placeOf)
  const parsed = form.schema.safeParse(raw)
  const problems = parsed.success ? [] : toConfigProblems(parsed.error.issues, raw, form.jsonSchema())
  if (form.conflicts !== undefined) problems.push(...form.conflicts(raw))
  if (!parsed.success || problems.length > 0) throw configError(problems, placeOf)
  return { config: parsed.data, placeOf }
}

function toValue(document: Document, placeOf: ParsedFile<unknown>['placeOf']): unknown {
  if (!isMap(document.contents)) {
    const what =
      document.contents === null || isScalar(document.contents) ? 'no keys' : 'a list instead of keys'
    throw configError([{ path: [], message: `the file holds ${what}; it starts with "schema: 1"` }], placeOf)
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 })
    return value
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw configError([{ path: [], message: `the aliases cannot be resolved: ${message}` }], placeOf)
  }
}

/** Where a path's key stands in the text, or, for a missing key, the section that lacks it. */
function offsetOf(document: Document, path: KeyPath): number | undefined {
  let node: unknown = document.contents
  let offset = isNode(node) ? node.range?.[0] : undefined
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key)
      if (pair === undefined) break
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset
      node = pair.value
    } else {
      node = isSeq(node) ? node.items[Number(key)] : undefined
      if (isNode(node)) offset = node.range?.[0] ?? offset
    }
  }
  return offset
}
