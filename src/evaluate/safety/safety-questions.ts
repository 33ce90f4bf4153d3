import type { SafetyQuestion } from './safety-question.ts'
import { readSuiteFile } from './read-suite-file.ts'

/**
 * The questions of the safety regression suite, at least 50 a class, in the order of their priority. They were written
 * for this project; they name kinds of harm and hold nothing that teaches any.
 */
export function safetyQuestions(): SafetyQuestion[] {
  return readSuiteFile<SafetyQuestion>('questions.jsonl')
}
