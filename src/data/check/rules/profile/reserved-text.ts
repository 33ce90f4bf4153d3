import { excerpt } from '../../../excerpt.ts'
import type { RecordRule } from '../../rule.ts'

export const reservedText: RecordRule = {
  id: 'profile/reserved-text',
  severity: 'error',
  reason: 'The service uses these words itself, and a job whose prompts hold one fails.',
  needles: ({ profile }) => profile?.reserved?.texts ?? [],
  start({ profile }) {
    const reserved = profile?.reserved
    if (reserved === undefined) return undefined
    const roles: readonly string[] = reserved.roles
    return ({ turns }, report) => {
      for (const { role, text, pointer } of turns) {
        if (!roles.includes(role)) continue
        for (const word of reserved.texts) {
          const at = text.indexOf(word)
          if (at < 0) continue
          report(
            pointer,
            `${excerpt(word)} is reserved by the service: … ${excerpt(text.slice(Math.max(0, at - 12), at + word.length + 12))}`,
            'write it in another way, such as with a space before the colon',
          )
        }
      }
    }
  },
}
