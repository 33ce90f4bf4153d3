import { printableText } from '../../lib/printable-text.ts'
import type { MadeKey } from '../../service/serving/keys-service.ts'
import { tableLines } from './table-lines.ts'

interface KeyRow {
  readonly id: string
  readonly kind: string
  readonly user: string
  readonly allow: readonly string[]
  readonly created: string
  readonly revoked: string | null
}

export function keyListLines(keys: readonly KeyRow[]): string[] {
  if (keys.length === 0) return ['no keys yet; hone serve makes the first, or: hone keys add --user NAME']
  return tableLines([
    ['id', 'kind', 'user', 'may', 'made', 'state'],
    ...keys.map(({ id, kind, user, allow, created, revoked }) => [
      id,
      kind,
      printableText(user),
      printableText(allow.join(' ')),
      created.slice(0, 10),
      revoked === null ? 'in use' : `revoked ${revoked.slice(0, 10)}`,
    ]),
  ])
}

export function madeKeyLines({ id, secret, key, user, allow }: MadeKey): string[] {
  return [
    `made      ${id} for ${printableText(user)}, which may: ${printableText(allow.join(' '))}`,
    'its secret is shown this once:',
    ...(secret === undefined
      ? [`export AWS_BEARER_TOKEN_BEDROCK=${key ?? ''}`]
      : [`export AWS_ACCESS_KEY_ID=${id}`, `export AWS_SECRET_ACCESS_KEY=${secret}`]),
  ]
}
