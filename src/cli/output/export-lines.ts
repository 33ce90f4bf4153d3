import { printableText } from '../../lib/printable-text.ts'
import type { ExportedModel } from '../../service/models/models-service.ts'
import { bytesText, countText, plural } from './number-text.ts'
import { labelled } from './labelled.ts'

const forms: Readonly<Record<ExportedModel['form'], string>> = {
  adapter: 'adapter for PEFT',
  merged: 'merged weights for transformers',
  'gguf-adapter': 'adapter and base for llama.cpp and Ollama',
  'gguf-merged': 'merged weights for llama.cpp and Ollama',
}

const rowsText = {
  validation: 'validation row',
  training: 'training row',
  'built-in': 'built-in row',
} as const

/** What was written, what it cost, and how to use it. */
export function exportedLines(exported: ExportedModel): string[] {
  const { model, base, form, type, out, files, modelfileTemplate } = exported
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return [
    ...shown(
      'export',
      `${model}${model === base ? '' : ` of ${base}`}: ${forms[form]}${type === null ? '' : ` in ${type}`}`,
    ),
    ...shown('rounding', roundingText(exported)),
    ...(modelfileTemplate === false
      ? labelled('template', [
          'it does more than frame each message and is not in the Modelfile: Ollama uses its own for this model',
        ])
      : []),
    ...shown('wrote', `${out}, ${bytesText(bytes)} in ${plural(files.length, 'file')}`),
    ...shown('next', nextCommand(exported)),
  ]
}

const shown = (label: string, text: string): string[] => labelled(label, [printableText(text)])

function roundingText({ rounding, type }: ExportedModel): string {
  if (type === null) return 'none: the matrices are in F32, the base is as it was'
  if (type === 'F32') return 'none beyond that of F32'
  if (rounding === null) return `not measured: no row of the data can be used`
  const { rows, tokens, from, exactPerplexity, roundedPerplexity } = rounding
  const changed = `perplexity ${exactPerplexity.toFixed(4)} → ${roundedPerplexity.toFixed(4)}`
  const words = `${plural(rows, rowsText[from])}, ${countText(tokens)} tokens`
  const differences = `log-probabilities differ by ${small(rounding.meanDifference)} on average, ${small(rounding.largestDifference)} at most`
  return `${changed} on ${words}; ${differences}`
}

const small = (value: number): string => (value === 0 ? '0' : value.toPrecision(2))

function nextCommand({ form, out, files }: ExportedModel): string {
  const quoted = JSON.stringify(out)
  switch (form) {
    case 'adapter':
      return `PeftModel.from_pretrained(base, ${quoted})`
    case 'merged':
      return `AutoModelForCausalLM.from_pretrained(${quoted})`
    case 'gguf-adapter':
    case 'gguf-merged':
    default:
      return files.some(({ name }) => name === 'Modelfile')
        ? `ollama create NAME -f ${JSON.stringify(`${out}/Modelfile`)}`
        : form === 'gguf-adapter'
          ? `llama-cli -m BASE.gguf --lora ${quoted}`
          : `llama-cli -m ${quoted}`
  }
}
