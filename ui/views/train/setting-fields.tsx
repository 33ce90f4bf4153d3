import { useEffect, useState } from 'react'
import type { TrainingPlan } from '../../api/client.ts'
import { Checkbox, Select, TextArea, TextField } from '../../kit/fields.tsx'
import { Disclosure } from '../../kit/texts.tsx'
import { setSearchParams } from '../../router/use-search-param.ts'
import { choicesOf, labelOf, rangeOf, settingAt, settingText, type SettingInfo } from '../../kit/setting.ts'
import type { TrainChoice } from './train-choice.ts'

interface SettingFieldsProps {
  readonly infos: readonly SettingInfo[]
  readonly choice: TrainChoice
  readonly problems: Readonly<Record<string, string>>
  /** Knows what is chosen for what is left empty. */
  readonly plan: TrainingPlan | undefined
}

/** The three settings that most people set, and behind them all; what is left empty is chosen by the data, and said. */
export function SettingFields({ infos, choice, problems, plan }: SettingFieldsProps) {
  const field = (info: SettingInfo) => (
    <SettingField
      key={info.name}
      info={info}
      value={choice.settings[info.name] ?? ''}
      plan={plan}
      problem={problems[info.name]}
    />
  )
  const advanced = infos.filter(({ isBasic }) => !isBasic)
  const isAdvancedSet = advanced.some(({ name }) => choice.settings[name] !== undefined)
  return (
    <>
      <p className="muted">What you leave empty is chosen by the number and length of the examples.</p>
      <div className="settings">{infos.filter(({ isBasic }) => isBasic).map(field)}</div>
      <Disclosure
        summary={`All settings (${advanced.length + 3})`}
        open={isAdvancedSet || choice.name !== '' || choice.system !== '' || choice.dropLong}
      >
        <div className="settings">
          <Typed
            label="Name"
            value={choice.name}
            problem={problems['name']}
            placeholder={choice.dataset.split('@')[0] ?? ''}
            help="Of the model; four letters are put behind it. Default: that of the dataset."
            onCommit={(text) => setSearchParams({ name: text === '' ? null : text })}
          />
          {advanced.map(field)}
        </div>
        <SystemPrompt key={choice.system} value={choice.system} />
        <Checkbox
          label="Leave out records that are too long"
          help="They are counted and said. Without it a record over the limit is an error."
          checked={choice.dropLong}
          onChange={(isOn) => setSearchParams({ dropLong: isOn ? 'yes' : null })}
        />
      </Disclosure>
    </>
  )
}

function SettingField({
  info,
  value,
  plan,
  problem,
}: {
  readonly info: SettingInfo
  readonly value: string
  readonly plan: TrainingPlan | undefined
  readonly problem: string | undefined
}) {
  const { name } = info
  const resolved = plan === undefined ? undefined : settingAt(plan.settings, name)
  const reason = plan?.reasons[name] ?? plan?.reasons[name.split('.')[0] ?? '']
  const isOwn = value !== ''
  const chosen = resolved === undefined ? undefined : settingText(resolved)
  const help = (
    <>
      {sentence(info)} {isOwn || chosen === undefined ? '' : `Here ${chosen}: ${reason ?? 'the default'}. `}
      {choicesOf(info) === undefined && `${upper(rangeOf(info))}.`}
    </>
  )
  const commit = (text: string): void => setSearchParams({ [name]: text === '' ? null : text })
  const choices = choicesOf(info)
  if (choices !== undefined) {
    return (
      <Select
        label={labelOf(name)}
        value={value}
        options={[
          { value: '', label: chosen === undefined || isOwn ? 'chosen by the data' : `${chosen} (chosen)` },
          ...choices.map((each) => ({ value: each, label: each })),
        ]}
        onChange={commit}
        help={help}
        error={problem}
      />
    )
  }
  return (
    <Typed
      label={labelOf(name)}
      value={value}
      problem={problem}
      placeholder={isOwn ? '' : (chosen ?? '')}
      help={help}
      onCommit={commit}
    />
  )
}

/** What is typed goes into the address, and so into the plan, when the typing pauses or the field is left. */
function Typed({
  label,
  value,
  problem,
  placeholder,
  help,
  onCommit,
}: {
  readonly label: string
  readonly value: string
  readonly problem: string | undefined
  readonly placeholder: string
  readonly help: React.ReactNode
  readonly onCommit: (text: string) => void
}) {
  const [draft, setDraft] = useState<string>()
  useEffect(() => {
    if (draft === undefined) return undefined
    const timer = setTimeout(() => {
      onCommit(draft.trim())
      setDraft(undefined)
    }, 500)
    return () => clearTimeout(timer)
    // The handler may change at every render; only what is typed starts the wait anew.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [draft])
  const commit = (): void => {
    if (draft === undefined) return
    onCommit(draft.trim())
    setDraft(undefined)
  }
  return (
    <TextField
      label={label}
      value={draft ?? value}
      placeholder={placeholder}
      onChange={({ target }) => setDraft(target.value)}
      onBlur={commit}
      onKeyDown={({ key }) => key === 'Enter' && commit()}
      help={help}
      error={problem}
    />
  )
}

function SystemPrompt({ value }: { readonly value: string }) {
  return (
    <TextArea
      label="System prompt"
      defaultValue={value}
      rows={2}
      help="For records that have none of their own."
      onBlur={({ target }) => setSearchParams({ system: target.value === '' ? null : target.value })}
    />
  )
}

/** The schema's words, without the default, which the plan knows. */
function sentence({ sentence: short, schema }: SettingInfo): string {
  const { description } = schema as { readonly description?: string }
  const text = (description ?? upper(short)).replace(/\s*Default:.*$/s, '').replace(/\s*\(default:.*\)$/, '')
  return `${text.replace(/\.$/, '')}.`
}

const upper = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`
