import type { Turn } from './record-format.ts'
import type { Report } from './reading-rules.ts'

/** The order that an example must have: at most one system message at the start, then user and assistant in turn. */
export function checkTurns(turns: readonly Turn[], report: Report): void {
  const spoken = turns.filter(({ role }) => role !== 'system')
  const first = spoken[0]
  const last = spoken.at(-1)
  for (const turn of turns.slice(1)) {
    if (turn.role === 'system') {
      report('roles/system-first', turn.roleAt, 'there is one system message, and it comes first')
    }
  }
  if (first === undefined || last === undefined) {
    report('roles/missing', '/messages', 'there is no message to learn from')
    return
  }
  if (first.role !== 'user') {
    report(
      'roles/first-user',
      first.roleAt,
      `the first message must come from "user", this one from "${first.role}"`,
    )
  }
  spoken.forEach((turn, at) => {
    if (turn.role === spoken[at - 1]?.role) {
      report('roles/alternation', turn.roleAt, `two "${turn.role}" messages in a row`)
    }
  })
  if (last.role !== 'assistant') {
    report(
      'roles/last-assistant',
      last.roleAt,
      `the last message must come from "assistant", this one from "${last.role}"`,
      'add the answer that the model should learn, or remove the record',
    )
  }
}
