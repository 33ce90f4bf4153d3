import type { Command } from 'commander'
import type { Constraint } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'

export interface ConstraintFlags {
  readonly jsonSchema?: string
  readonly regex?: string
  readonly choices?: readonly string[]
}

export function addConstraintOptions(command: Command): void {
  command
    .option(
      '--json-schema <file>',
      'keep the answer to the JSON Schema of a file at every token (default: nothing)',
    )
    .option('--regex <pattern>', 'keep the answer to a pattern that all of it matches (default: nothing)')
    .option(
      '--choices <list>',
      'keep the answer to one of these texts, with commas between them (default: nothing)',
      (list: string) => list.split(','),
    )
}

/** @throws HoneError `E_USAGE` for more than one, or a file that is not there or no JSON */
export async function constraintOf({
  jsonSchema,
  regex,
  choices,
}: ConstraintFlags): Promise<Constraint | undefined> {
  const given = [jsonSchema, regex, choices].filter((each) => each !== undefined)
  if (given.length > 1) {
    throw new HoneError('E_USAGE', `an answer is kept to one of them, and ${given.length} are given`, {
      hint: 'give one of --json-schema, --regex and --choices',
    })
  }
  if (regex !== undefined) return { type: 'regex', pattern: regex }
  if (choices !== undefined) return { type: 'choice', choices }
  if (jsonSchema === undefined) return undefined
  const schema = await readJsonFile(jsonSchema, 'E_USAGE')
  if (schema !== undefined) return { type: 'json-schema', schema }
  throw new HoneError('E_USAGE', 'there is no such file', { at: { file: jsonSchema } })
}
