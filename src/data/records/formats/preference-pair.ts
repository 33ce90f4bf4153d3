import type { Example, Message } from '../../../core/example.ts'
import type { RecordDraft } from '../record-draft.ts'
import type { Lose } from '../record-format.ts'

/** Takes in the answer that is preferred and the other one; either may have been reported already. */
export function addPreference(
  draft: RecordDraft,
  chosen: string | undefined,
  pointer: string,
  rejected: string | undefined,
): void {
  if (chosen !== undefined)
    draft.add({ role: 'assistant', content: chosen }, `${pointer}/role`, `${pointer}/content`)
  draft.rejected = rejected
}

/** An example as the messages before its answer, and the two answers; `undefined` where it has no second one, or one that calls. */
export function splitPreference(
  { messages, rejected }: Example,
  lose: Lose,
): { readonly before: readonly Message[]; readonly chosen: string; readonly rejected: string } | undefined {
  const answer = messages.at(-1)
  if (rejected === undefined || answer === undefined) {
    lose('rejected', 'a preference pair needs a second answer, and there is none')
    return undefined
  }
  if (answer.toolCalls !== undefined) {
    lose('calls', 'the answers of a preference pair can only be text')
    return undefined
  }
  return { before: messages.slice(0, -1), chosen: answer.content, rejected }
}
