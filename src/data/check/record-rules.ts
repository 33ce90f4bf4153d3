import type { RecordRule } from './rule.ts'
import { emptyAnswer, nearEmptyAnswer } from './rules/answer-content.ts'
import { answerSchema } from './rules/answer-schema.ts'
import { personalData } from './rules/personal-data.ts'
import { contextLimit } from './rules/context-limit.ts'
import { contentType, emptyContent } from './rules/profile/content.ts'
import { extraneousKey } from './rules/profile/extraneous-key.ts'
import { lineSize } from './rules/profile/file-rules.ts'
import { media } from './rules/profile/media.ts'
import { alternation, firstRole, lastRole, messageCount } from './rules/profile/message-order.ts'
import { messageWeight, preferenceShape, tools } from './rules/profile/openai-shape.ts'
import { requiredKey } from './rules/profile/required-key.ts'
import { reservedText } from './rules/profile/reserved-text.ts'
import { messageRole } from './rules/profile/roles.ts'
import { schemaVersion } from './rules/profile/schema-version.ts'
import { recordTokens } from './rules/profile/tokens.ts'
import { boilerplateAnswer, refusalAnswer } from './rules/refusal.ts'
import { safetyDropped } from './rules/safety-dropped.ts'
import { secretAnswer } from './rules/secret-answer.ts'
import { controlCharacter, loneSurrogate, replacementCharacter } from './rules/text-characters.ts'
import { controlToken, roleMarker } from './rules/text-markers.ts'
import { toolArguments } from './rules/tool-arguments.ts'

/** Every rule about single records. Fixes are applied in this order. */
export const recordRules: readonly RecordRule[] = [
  requiredKey,
  schemaVersion,
  extraneousKey,
  contentType,
  messageRole,
  firstRole,
  alternation,
  lastRole,
  messageCount,
  emptyContent,
  messageWeight,
  preferenceShape,
  tools,
  media,
  reservedText,
  recordTokens,
  lineSize,
  controlCharacter,
  loneSurrogate,
  replacementCharacter,
  roleMarker,
  controlToken,
  contextLimit,
  emptyAnswer,
  nearEmptyAnswer,
  refusalAnswer,
  boilerplateAnswer,
  secretAnswer,
  answerSchema,
  toolArguments,
  safetyDropped,
  personalData,
]
