import { HoneError } from '../../core/errors.ts'
import type { Profile } from '../../profiles/profile.ts'
import type { OpenedSource } from '../sources/open-source.ts'
import { isS3 } from '../sources/s3-bytes.ts'
import type { SourceRow } from '../sources/source-row.ts'

export type CheckUnit = 'line' | 'row' | 'record'

/** Whether a file is JSONL as it lies there. */
export const isPlainLines = ({ kind, wrappers, location }: OpenedSource): boolean =>
  kind.id === 'jsonl' && wrappers.length === 0 && !isS3(location)

/** What the places of findings count. */
export const unitOf = ({ kind }: OpenedSource): CheckUnit =>
  kind.id === 'json' ? 'record' : kind.id === 'parquet' || kind.id === 'xlsx' ? 'row' : 'line'

/** Records of a JSON text may share a line, so they are numbered. */
export const placeOf = (source: OpenedSource, { number }: SourceRow, before: number): number =>
  unitOf(source) === 'record' ? before + 1 : number

/** What services take is JSONL. */
export function otherKind(
  file: string,
  source: OpenedSource | undefined,
  profile: Profile | undefined,
): HoneError {
  const what =
    source === undefined
      ? 'an object of S3'
      : [source.kind.id === 'jsonl' ? 'JSONL' : source.kind.name, ...source.wrappers.toReversed()].join(
          ', in ',
        )
  const name = /^[\w./:@=+-]+$/.test(file) ? file : 'FILE'
  return new HoneError('E_DATA', `this is no JSONL file but ${what}`, {
    at: { file },
    hint:
      profile === undefined || profile.service === 'local'
        ? `convert it: hone data import ${name} --to examples.jsonl`
        : `write it as ${profile.id} takes it: hone data export ${name} --as ${formOfKind[profile.record.kind]} --to examples.jsonl`,
  })
}

const formOfKind: Readonly<Record<Profile['record']['kind'], string>> = {
  messages: 'bedrock-chat',
  'prompt-completion': 'prompt-completion',
  converse: 'bedrock-converse',
  'openai-chat': 'openai-chat',
  'openai-preference': 'openai-preference',
  'openai-reinforcement': 'openai-chat',
}
