import { HoneError } from '../core/errors.ts'
import { bedrockClaude } from './families/bedrock-claude.ts'
import { bedrockCohere } from './families/bedrock-cohere.ts'
import { bedrockLlama } from './families/bedrock-llama.ts'
import { bedrockNova } from './families/bedrock-nova.ts'
import { bedrockOther } from './families/bedrock-other.ts'
import { bedrockTitan } from './families/bedrock-titan.ts'
import { local } from './families/local.ts'
import { openai } from './families/openai.ts'
import { nearestNames } from './nearest-names.ts'
import type { Profile } from './profile.ts'

/** Every profile. A new one is an entry in a file of `families/`, with its sources. */
export const profiles: readonly Profile[] = [
  ...bedrockClaude,
  ...bedrockNova,
  ...bedrockLlama,
  ...bedrockTitan,
  ...bedrockCohere,
  ...bedrockOther,
  ...openai,
  local,
]

/** Short names, and the profile that they stand for. */
const shortNames: Readonly<Record<string, string>> = {
  'bedrock:claude': 'bedrock:claude-3-haiku',
  'bedrock:haiku': 'bedrock:claude-3-haiku',
  'bedrock:nova': 'bedrock:nova-lite',
  'bedrock:llama': 'bedrock:llama-3.3-70b',
  'bedrock:llama-3.1': 'bedrock:llama-3.1-8b',
  'bedrock:llama-3.2': 'bedrock:llama-3.2-3b',
  'bedrock:llama-3.3': 'bedrock:llama-3.3-70b',
  'bedrock:titan': 'bedrock:titan-text-express',
  'bedrock:titan-text': 'bedrock:titan-text-express',
  'bedrock:cohere': 'bedrock:cohere-command',
  openai: 'openai:gpt-4o-mini',
  'openai:dpo': 'openai:gpt-4o-mini:dpo',
  'openai:rft': 'openai:o4-mini:rft',
  'openai:o4-mini': 'openai:o4-mini:rft',
}

export interface FoundProfile {
  readonly profile: Profile
  /** Of `local:MODEL`: the model. */
  readonly localModel?: string
  /** Said to the user where the name stands for a family. */
  readonly note?: string
}

/**
 * The profile that a name means: its id, a model id of the service, or the short name of a family, for which one of its
 * profiles is taken and said.
 *
 * @throws HoneError `E_USAGE` with the names that are near
 */
export function findProfile(name: string): FoundProfile {
  const wanted = name.trim()
  const lower = wanted.toLowerCase()
  if (lower.startsWith('local:')) {
    const localModel = wanted.slice('local:'.length)
    if (localModel !== '') return { profile: local, localModel }
  }
  const exact = profiles.find(({ id, modelIds }) => id === lower || modelIds.includes(lower))
  if (exact !== undefined) return { profile: exact }
  const short = Object.hasOwn(shortNames, lower) ? shortNames[lower] : undefined
  const profile = profiles.find(({ id }) => id === short)
  if (profile !== undefined) {
    return { profile, note: `${wanted} is a family: the rules of ${profile.id} are used` }
  }
  const known = [...profiles.map(({ id }) => id), ...Object.keys(shortNames)]
  const near = nearestNames(lower, known)
  const list = profiles.map(({ id }) => id).join(', ')
  throw new HoneError('E_USAGE', `there is no profile ${JSON.stringify(wanted.slice(0, 80))}`, {
    hint: near.length > 0 ? `did you mean ${near.join(' or ')}?` : `the profiles are ${list}`,
  })
}
