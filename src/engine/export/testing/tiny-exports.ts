import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Message } from '../../../core/example.ts'
import { createRandom } from '../../../lib/random.ts'
import { loadModelText, type ModelText } from '../../../text/load-chat-text.ts'
import { mixedConversations } from '../../../text/testing/mixed-conversations.ts'
import { readAdapter, writeAdapter } from '../../adapter/adapter-files.ts'
import { adapterTensorSpecs, emptyAdapter, type Adapter, type ModuleRank } from '../../adapter/adapter.ts'
import { probeConversations } from '../../probe-conversations.ts'
import { readBaseFolder, type BaseFolder } from '../../weights/base-folder.ts'
import { importModel } from '../../weights/import-model.ts'
import { tinyGguf } from '../../weights/testing/hugging-face-folder.ts'
import { exportModel, type ExportForm, type ExportedModel, type ExportOptions } from '../export-model.ts'
import type { StorageType } from '../storage-types.ts'

export interface TinyTuned {
  readonly home: string
  readonly base: BaseFolder
  readonly baseFolder: string
  readonly adapter: Adapter
  readonly adapterFolder: string
  readonly text: ModelText
}

/**
 * A tuned model of the tiny base, from its GGUF file or from a Hugging Face folder, with a rank of its own in one module.
 * It is the same on every machine.
 */
export async function tinyTuned(folder: string, from: 'gguf' | 'folder'): Promise<TinyTuned> {
  const home = join(folder, 'home')
  let { folder: baseFolder } = await importModel(tinyGguf, { home, id: 'tiny', replace: true })
  if (from === 'folder') {
    const out = join(folder, 'tiny-folder')
    const { id: _id, ...options } = exportOptions({ home, baseFolder, adapterFolder: undefined }, out)
    await exportModel({ ...options, id: 'tiny', form: 'merged', force: true })
    baseFolder = (await importModel(out, { home, id: 'tiny-folder', replace: true })).folder
  }
  const base = await readBaseFolder(baseFolder)
  const { architecture, config } = base
  const modules: Record<string, ModuleRank> = Object.fromEntries(
    Array.from({ length: config.layers }, (_, layer) =>
      architecture.linearModules.map((target, index) => [
        architecture.moduleName(layer, target),
        { rank: index === 1 ? 2 : 4, alpha: 6 },
      ]),
    ).flat(),
  )
  const settings = { rank: 4, alpha: 6, targetModules: architecture.linearModules, modules }
  const adapter = emptyAdapter(adapterTensorSpecs(architecture, config, settings), settings)
  const random = createRandom(3)
  for (const { data } of adapter.tensors.values()) {
    for (let index = 0; index < data.length; index++) data[index] = (random.next() - 0.5) * 0.6
  }
  const adapterFolder = join(folder, `adapter-${from}`)
  await writeAdapter(adapterFolder, adapter, 'tiny')
  const text = await loadModelText(baseFolder)
  return {
    home,
    base,
    baseFolder,
    adapterFolder,
    text,
    adapter: await readAdapter(adapterFolder, architecture, config),
  }
}

export function exportOptions(
  model: Pick<TinyTuned, 'home' | 'baseFolder'> & { readonly adapterFolder: string | undefined },
  out: string,
): Omit<ExportOptions, 'form'> {
  const { home, baseFolder, adapterFolder } = model
  return {
    id: 'tuned',
    out,
    baseFolder,
    adapterFolder,
    systemPrompt: null,
    rows: { from: 'built-in', conversations: probeConversations },
    cacheFolder: join(home, 'cache'),
    threads: 1,
  }
}

/** Every form that other programs read, by the name of its folder. */
export const tinyForms: Readonly<
  Record<
    string,
    { readonly from: 'gguf' | 'folder'; readonly form: ExportForm; readonly type?: StorageType | undefined }
  >
> = {
  'folder-f32': { from: 'gguf', form: 'merged' },
  'folder-bf16': { from: 'gguf', form: 'merged', type: 'BF16' },
  'folder-f16': { from: 'folder', form: 'merged', type: 'F16' },
  'peft-adapter': { from: 'folder', form: 'adapter' },
  'gguf-adapter': { from: 'gguf', form: 'gguf-adapter' },
  'gguf-f16': { from: 'gguf', form: 'gguf-merged' },
  'gguf-q8': { from: 'gguf', form: 'gguf-merged', type: 'Q8_0' },
  'gguf-adapter-of-folder': { from: 'folder', form: 'gguf-adapter' },
  'gguf-f32-of-folder': { from: 'folder', form: 'gguf-merged', type: 'F32' },
}

/** The tuned model whose export `exportTiny` writes. */
export const tinySource = (folder: string, name: string): Promise<TinyTuned> =>
  tinyTuned(join(folder, 'models', name), tinyForms[name]?.from ?? 'gguf')

/** Exports the tiny model in one form, to a folder of the form's name. */
export async function exportTiny(folder: string, name: string): Promise<ExportedModel> {
  const wanted = tinyForms[name]
  if (wanted === undefined) throw new Error(`no form ${name}`)
  const model = await tinySource(folder, name)
  return exportModel({ ...exportOptions(model, join(folder, name)), form: wanted.form, type: wanted.type })
}

/** Fifty written conversations: several languages, code, with and without a system message, one turn or more. */
export const writtenConversations: readonly Message[][] = JSON.parse(
  readFileSync(fileURLToPath(new URL('../fixtures/conversations.json', import.meta.url)), 'utf8'),
) as Message[][]

/**
 * The written conversations, and fifty short ones of mixed strings, each ending with the user. Some are longer than the
 * context that the tiny model states; positions beyond it are computed alike.
 */
export function tinyConversations({ chatText }: ModelText): Message[][] {
  const all = mixedConversations(1000).map((messages) =>
    messages.at(-1)?.role === 'assistant' ? messages.slice(0, -1) : messages,
  )
  const short = all.filter((messages) => chatText.encodePrompt(messages).length < 63).slice(0, 50)
  if (short.length < 50) throw new Error(`only ${short.length} conversations are short enough`)
  return [...writtenConversations, ...short]
}

/** Writes all that the scripts in bench/peers read: the exports, the conversations, and them rendered. */
export async function writeTinyExports(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const name of Object.keys(tinyForms)) await exportTiny(folder, name)
  const { text } = await tinyTuned(join(folder, 'models', 'inputs'), 'gguf')
  const conversations = tinyConversations(text)
  const prompts = conversations.map((messages) =>
    text.template.render(messages, { addGenerationPrompt: true }),
  )
  writeFileSync(join(folder, 'conversations.json'), JSON.stringify(conversations))
  writeFileSync(join(folder, 'prompts.json'), JSON.stringify(prompts))
}
