import { printableText } from '../../lib/printable-text.ts'
import type { ModelDetails, ModelList, RemovedModel } from '../../service/models/models-service.ts'
import { bytesText, countText, parametersText, plural } from './number-text.ts'
import { labelled } from './labelled.ts'
import { tableLines } from './table-lines.ts'

type StoredModel = ModelDetails['model']

/** What is here, then what can be pulled. */
export function modelListLines({ folder, models, available }: ModelList): string[] {
  const rows = models.map((model) =>
    [model.id, model.kind, bytesText(model.bytes), noteOf(model)].map((cell) => printableText(cell)),
  )
  const pullable = available.map(({ id, bytes, licence }) => [id, bytesText(bytes), licence])
  const [first] = models.filter(({ kind }) => kind === 'base' || kind === 'tuned')
  const next =
    first === undefined ? available[0] && `hone models pull ${available[0].id}` : `hone chat ${first.id}`
  return [
    models.length === 0 ? `no models in ${folder}` : `${plural(models.length, 'model')} in ${folder}`,
    ...tableLines(rows).map((line) => `  ${line}`),
    ...(pullable.length === 0 ? [] : ['', 'to pull']),
    ...tableLines(pullable).map((line) => `  ${line}`),
    ...(next === undefined ? [] : ['', ...labelled('next', [next])]),
  ]
}

function noteOf(model: StoredModel): string {
  switch (model.kind) {
    case 'base':
      return `${parametersText(model.parameters)} weights, ${model.licence ?? 'no licence named'}`
    case 'tuned':
      if (model.imported !== null) return `of ${model.base}, imported adapter`
      return `of ${model.base}, best step ${model.bestStep} of ${model.steps}${lossText(model.bestValidationLoss)}`
    case 'unfinished':
      return `of ${model.base}, ${plural(model.steps, 'step')}; go on: hone train --resume ${model.id}`
    case 'broken':
    default:
      return `cannot be read: ${model.problem}`
  }
}

const lossText = (loss: number | null): string =>
  loss === null ? '' : `, validation loss ${loss.toFixed(3)}`

const shown = (label: string, text: string): string[] => labelled(label, [printableText(text)])

function originLines(model: Extract<StoredModel, { kind: 'tuned' }>): string[] {
  const { imported, steps, bestStep, bestValidationLoss } = model
  if (imported === null) {
    return shown('training', `${plural(steps, 'step')}, best step ${bestStep}${lossText(bestValidationLoss)}`)
  }
  const named = imported.trainedOn === null ? '' : `, which names ${imported.trainedOn} as its base`
  return shown('imported', `from ${imported.from}${named}`)
}

/** What the gate said of a tuned model, with the rules that it did not pass. */
function verdictLines(gate: ModelDetails['gate']): string[] {
  if (gate === null) return shown('gate', 'no verdict; it can be deployed, and hone gate judges it')
  const { verdict, rules } = gate.verdict
  const failed = rules.filter(({ outcome }) => outcome !== 'pass')
  const passed = `${rules.length - failed.length} of ${plural(rules.length, 'rule')} passed`
  const consequence = verdict === 'promoted' ? '' : '; a server refuses to deploy it'
  return [
    ...shown('gate', `${verdict}, ${passed}, ${gate.at}${consequence}`),
    ...failed.flatMap(({ rule, outcome }) => shown('', `${outcome}: ${rule}`)),
  ]
}

/** How its labels are decided; nothing where its answers are taken as written. */
function decisionLines(decision: ModelDetails['labelDecision']): string[] {
  if (decision === null) return []
  const { labels, tau, chosenOn } = decision
  const corrected =
    chosenOn === null
      ? ''
      : `, corrected for rare labels (τ = ${tau}, chosen on ${plural(chosenOn.rows, 'row')} of the ${chosenOn.split} split)`
  return shown('labels', `the likeliest of ${labels.length} is the answer${corrected}`)
}

/** Everything about one model. */
export function modelLines({ model, bytes, files, template, gate, labelDecision }: ModelDetails): string[] {
  const lines = [...shown('model', model.id), ...shown('kind', model.kind), ...shown('folder', model.folder)]
  if (model.kind === 'base') {
    lines.push(
      ...shown('source', model.source),
      ...shown('licence', model.licence ?? 'none named'),
      ...shown(
        'shape',
        `${model.architecture}, ${parametersText(model.parameters)} weights, context ${countText(model.contextLength)} tokens`,
      ),
    )
  }
  if (model.kind === 'tuned') {
    lines.push(
      ...shown('base', model.base),
      ...originLines(model),
      ...decisionLines(labelDecision),
      ...verdictLines(gate),
    )
  }
  if (model.kind === 'unfinished' || model.kind === 'broken') lines.push(...shown('state', noteOf(model)))
  lines.push(...shown('size', `${bytesText(bytes)} in ${plural(files.length, 'file')}`))
  if (template !== null) {
    const prompt = template.defaultSystemPrompt
    lines.push(
      ...shown(
        'template',
        `${template.sha256.slice(0, 12)}; ${prompt === null ? 'adds no system prompt of its own' : 'where a conversation has no system prompt it adds'}`,
      ),
      ...(prompt === null ? [] : labelled('', [printableText(JSON.stringify(prompt))])),
    )
  }
  if (model.kind === 'base' || model.kind === 'tuned') lines.push(...shown('next', `hone chat ${model.id}`))
  return lines
}

export const removedLines = ({ id, bytes }: RemovedModel): string[] =>
  labelled('removed', [`${id}, ${bytesText(bytes)} freed`])
