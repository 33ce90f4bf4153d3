import type { Constraint } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import { nothing, type Expression, type Expressions } from './expressions.ts'
import { anyObjectLanguage, schemaLanguage } from './json-schema.ts'
import { patternLanguage } from './pattern-language.ts'

const mostChoices = 10_000
const mostCharacters = 1_000_000

/**
 * The texts that keep a constraint.
 *
 * @throws HoneError `E_CONSTRAINT` for what cannot be kept; `at.pointer` is one into the schema, or into the choices
 */
export function constraintLanguage(expressions: Expressions, constraint: Constraint): Expression {
  if (constraint.type === 'json-schema') return schemaLanguage(expressions, constraint.schema)
  if (constraint.type === 'json-object') return anyObjectLanguage(expressions)
  if (constraint.type === 'regex') return patternLanguage(expressions, constraint.pattern)
  return choiceLanguage(expressions, constraint.choices)
}

function choiceLanguage(expressions: Expressions, choices: readonly string[]): Expression {
  const characters = choices.reduce((sum, { length }) => sum + length, 0)
  if (choices.length > mostChoices || characters > mostCharacters) {
    throw new HoneError(
      'E_CONSTRAINT',
      `${choices.length} choices of ${characters} characters are more than ${mostChoices} of ${mostCharacters}`,
      { hint: 'give fewer' },
    )
  }
  choices.forEach((choice, index) => {
    // Half a character of UTF-16 has no bytes.
    if (Buffer.from(choice).toString() === choice) return
    throw new HoneError('E_CONSTRAINT', `choice ${index + 1} is no text`, { at: { pointer: `/${index}` } })
  })
  const language = expressions.choice(...choices.map((choice) => expressions.text(choice)))
  if (language !== nothing) return language
  throw new HoneError('E_CONSTRAINT', 'there is nothing to choose from', { hint: 'give one choice at least' })
}
