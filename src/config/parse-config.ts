import type { ConfigProblem } from './config-problem.ts'
import { configJsonSchema, configSchema, type ConfigFile } from './config-schema.ts'
import { parseYamlFile, type ParsedFile } from './parse-yaml-file.ts'

/**
 * Reads the text of a `hone.yaml` and checks it. Reads no other file.
 *
 * @throws HoneError `E_CONFIG` with every problem and its line.
 */
export function parseConfig(text: string, file: string): ParsedFile<ConfigFile> {
  return parseYamlFile(text, file, { schema: configSchema, jsonSchema: configJsonSchema, conflicts })
}

/** Settings that exclude each other; both written means that one of them would be ignored. */
const conflicts = (raw: unknown): ConfigProblem[] => [...splitConflicts(raw), ...repeatConflicts(raw)]

/** Probabilities are not drawn: repeats would be paid for, and say nothing. */
function repeatConflicts(raw: unknown): ConfigProblem[] {
  const candidates = member(member(raw, 'evaluation'), 'candidates')
  if (!Array.isArray(candidates)) return []
  const common = member(member(raw, 'task'), 'decide') ?? 'answer'
  return candidates.flatMap((candidate: unknown, at) => {
    const repeats = member(candidate, 'repeats')
    const decide = member(candidate, 'decide') ?? common
    if (typeof repeats !== 'number' || repeats < 2 || typeof decide !== 'string' || decide === 'answer')
      return []
    return [
      {
        path: ['evaluation', 'candidates', at, 'repeats'],
        message: `"decide: ${decide}" gives the same label in every repeat`,
        hint: 'leave the repeats out, or let the answer as written count: decide: answer',
      },
    ]
  })
}

function splitConflicts(raw: unknown): ConfigProblem[] {
  return (['validation', 'test'] as const).flatMap((part) => {
    const size = member(member(raw, 'split'), part)
    if (member(member(raw, 'data'), part) === undefined || size === undefined || size === 0) return []
    return [
      {
        path: ['split', part],
        message: `data.${part} names a file, so nothing is split off`,
        hint: 'remove one of the two',
      },
    ]
  })
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined
}
