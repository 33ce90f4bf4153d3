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
function conflicts(raw: unknown): ConfigProblem[] {
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
