import type { GradientCheckpointing } from '../../core/training-settings.ts'
import type { PlannedTraining } from '../../service/train/draft-training.ts'
import { flagOfSetting } from '../../config/training-flags.ts'
import { labelled } from './labelled.ts'
import { bytesText, countText, parametersText, plural, rateText, secondsText } from './number-text.ts'
import { tableLines } from './table-lines.ts'

const computedTwice: Readonly<Record<GradientCheckpointing, string>> = {
  none: '',
  activations: ', activations computed twice',
  layers: ', layers computed twice',
}

/** What a training run will do, in a few lines. */
export function plannedLines(planned: PlannedTraining, options: { readonly tokens: boolean }): string[] {
  const { plan, tokens, examples, template } = planned
  const { settings } = plan
  const dropped =
    examples.dropped === 0 ? 'nothing cut' : `${plural(examples.dropped, 'record')} too long and left out`
  const counts = `mean ${countText(tokens.mean)} · p95 ${countText(tokens.p95)} · ${countText(tokens.trained)} of them answer`
  const longest = `longest ${countText(tokens.longest)} of ${countText(tokens.context)}`
  const prompt = template.defaultSystemPrompt
  const perStep = settings.accumulate === 1 ? '' : ` × ${settings.accumulate}`
  return [
    ...(options.tokens ? labelled('tokens', [`${counts} · ${dropped} (${longest})`]) : []),
    ...(options.tokens && prompt !== null
      ? labelled('template', [
          `adds a system prompt of its own where a record has none: ${JSON.stringify(prompt)}`,
        ])
      : []),
    ...labelled('train', [
      [
        [
          planned.start === null ? planned.base.id : `${planned.start.model} (of ${planned.base.id})`,
          `${settings.method === 'dpo' ? 'dpo, ' : ''}lora r${settings.rank} α${settings.alpha}`,
          ...(settings.dropout > 0 ? [`dropout ${settings.dropout}`] : []),
          `${settings.targets.length} kinds of layers`,
        ].join(', '),
        `${parametersText(plan.trainableParameters)} of ${parametersText(plan.baseParameters)} weights`,
      ].join(' · '),
      [
        lengthText(plan),
        `batch ${settings.batchSize}${perStep}`,
        `lr ${rateText(settings.learningRate)} ${settings.schedule}`,
        `about ${bytesText(plan.peakBytes)} of memory${computedTwice[settings.gradientCheckpointing]}`,
        `about ${secondsText(roundedSeconds(planned.seconds))}`,
      ].join(' · '),
    ]),
  ]
}

/** The whole plan with the reason of each setting and the flag that changes it, for `--dry-run`. */
export function dryRunLines(planned: PlannedTraining): string[] {
  const { plan, examples } = planned
  const rows = Object.entries(plan.settings).map(([key, value]) => {
    const reason = plan.reasons[key as keyof typeof plan.reasons]
    return [flagOfSetting(key) ?? key, valueText(value), reason]
  })
  return [
    ...labelled('data', [
      `${plural(examples.training, 'record')} to train on · ${countText(examples.validation)} to validate with · ${countText(examples.dropped)} left out`,
    ]),
    ...plannedLines(planned, { tokens: true }),
    ...labelled('settings', tableLines(rows)),
    ...labelled('model', [`would go to ${planned.folder}`]),
  ]
}

/** An estimate, so no more exact than it is. */
function roundedSeconds(seconds: number): number {
  const unit = seconds < 60 ? 5 : seconds < 600 ? 30 : 300
  return Math.max(1, Math.ceil(seconds / unit)) * unit
}

/** The bound that ends the run goes first. */
function lengthText({ settings, steps }: PlannedTraining['plan']): string {
  const epochs = `${settings.epochs} ${settings.epochs === 1 ? 'epoch' : 'epochs'}`
  return settings.maxSteps === steps
    ? `${plural(steps, 'step')} at most`
    : `${epochs}, ${plural(steps, 'step')}`
}

function valueText(value: unknown): string {
  if (value === null) return 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.join(',')
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([key, part]) => `${key} ${String(part)}`)
      .join(', ')
  }
  return typeof value === 'string' ? value : JSON.stringify(value)
}
