import type { Train } from '../../api/contract.ts'
import { parseSetting, type SettingInfo } from '../../kit/setting.ts'

/** What the visitor chose, as it stands in the address. */
export interface TrainChoice {
  readonly dataset: string
  readonly base: string
  readonly from: string
  readonly name: string
  readonly system: string
  readonly dropLong: boolean
  /** What was typed, by the setting's name. */
  readonly settings: Readonly<Record<string, string>>
}

/** Every setting is a parameter of its own name, so that a plan can be written by hand. */
export function readChoice(search: string, settings: readonly Pick<SettingInfo, 'name'>[]): TrainChoice {
  const params = new URLSearchParams(search)
  const text = (name: string): string => params.get(name) ?? ''
  return {
    dataset: text('dataset'),
    base: text('base'),
    from: text('from'),
    name: text('name'),
    system: text('system'),
    dropLong: text('dropLong') === 'yes',
    settings: Object.fromEntries(
      settings.flatMap(({ name }) => (params.has(name) ? [[name, text(name)] as const] : [])),
    ),
  }
}

export interface Request {
  readonly body: Train
  /** What is wrong with what was typed, by the setting's name; those are left out of the body. */
  readonly problems: Readonly<Record<string, string>>
}

const modelName = /^[a-z0-9][a-z0-9._-]{0,80}$/

/** The request of the API that a choice is. */
export function toRequest(
  { dataset, base, from, name, system, dropLong, settings }: TrainChoice,
  infos: readonly Pick<SettingInfo, 'name' | 'schema'>[],
): Request {
  const problems: Record<string, string> = {}
  const sent: Record<string, unknown> = {}
  for (const info of infos) {
    const text = settings[info.name]
    if (text === undefined || text.trim() === '') continue
    const parsed = parseSetting(text, info)
    if ('problem' in parsed) problems[info.name] = parsed.problem
    else put(sent, info.name.split('.'), parsed.value)
  }
  if (name !== '' && !modelName.test(name)) {
    problems['name'] = 'small letters, digits, “.”, “_” and “-”; a letter or digit first; at most 81'
  }
  const body: Train = {
    dataset,
    ...(from !== '' ? { from } : base === '' ? {} : { base }),
    ...(name === '' || 'name' in problems ? {} : { name }),
    ...(system === '' ? {} : { system }),
    ...(dropLong ? { dropLong } : {}),
    settings: sent,
  }
  return { body, problems }
}

function put(target: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    target[key] = value
    return
  }
  const inner = (target[key] ?? {}) as Record<string, unknown>
  target[key] = inner
  put(inner, rest, value)
}

/** A request as a command for a shell; the key is that of the environment. */
export function toCurl(origin: string, path: string, body: unknown): string {
  const json = JSON.stringify(body).replaceAll("'", String.raw`'\''`)
  return [
    'curl -sS --fail-with-body \\',
    '  -H "Authorization: Bearer $HONE_API_KEY" \\',
    `  "${origin}${path}" \\`,
    `  -d '${json}'`,
  ].join('\n')
}
