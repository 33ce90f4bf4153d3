import { readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { readJsonFile, readTextFile } from '../../lib/read-json-file.ts'
import { findArchitecture } from '../arch/registry.ts'
import { checkTensors, tensorSpecs } from './check-tensors.ts'
import { checkText } from './check-text.ts'
import type { ModelParts } from './model-parts.ts'
import { readShardNames, safetensorsWeights } from './safetensors-weights.ts'

const code = 'E_MODEL_FILE'
const indexName = 'model.safetensors.index.json'
/** Fields of special_tokens_map.json that older models do not repeat in tokenizer_config.json. */
const namedTokens = ['bos_token', 'eos_token', 'unk_token', 'pad_token']

type Json = Readonly<Record<string, unknown>>

/**
 * Reads a base model from a folder as on the Hugging Face hub: config.json, safetensors in one file or in shards,
 * tokenizer.json, and a chat template in tokenizer_config.json or chat_template.jinja.
 *
 * @throws HoneError `E_MODEL_FILE` naming all that is missing, `E_MODEL_UNSUPPORTED` or `E_TEMPLATE`
 */
export async function readHuggingFaceModel(folder: string): Promise<ModelParts> {
  const configJson = await readObject(folder, 'config.json')
  const tokenizerText = await readTextFile(join(folder, 'tokenizer.json'), code)
  const tokenizerConfig = await readTokenizerConfig(folder)
  const weights = await findWeights(folder)
  await refuseMissing(folder, {
    'config.json': configJson !== undefined,
    'tokenizer.json': tokenizerText !== undefined,
    [`model.safetensors (or ${indexName} with its shards)`]: weights !== undefined,
    'a chat template (chat_template in tokenizer_config.json, or chat_template.jinja)':
      typeof tokenizerConfig['chat_template'] === 'string',
  })
  if (configJson === undefined || tokenizerText === undefined || weights === undefined) {
    throw new HoneError('E_INTERNAL', 'a missing part was not reported')
  }
  const architecture = findArchitecture(architectureName(configJson, folder))
  const config = architecture.config(configJson)
  const source = await safetensorsWeights(weights)
  try {
    const specs = tensorSpecs(architecture, config, source.names().length, join(folder, 'config.json'))
    checkTensors(source, specs, config, weights[0] ?? folder)
    const tokenizer = await readJsonFile(join(folder, 'tokenizer.json'), code)
    checkText(tokenizer, tokenizerConfig, config, join(folder, 'tokenizer.json'))
    return {
      architecture,
      config,
      specs,
      texts: {
        'config.json': `${JSON.stringify(configJson, undefined, 2)}\n`,
        'tokenizer.json': tokenizerText,
        'tokenizer_config.json': `${JSON.stringify(tokenizerConfig, undefined, 2)}\n`,
      },
      weights,
      licence: await readLicence(folder),
      name: basename(resolve(folder)),
    }
  } finally {
    await source.close()
  }
}

/**
 * The name in `architectures` of a config.json.
 *
 * @throws HoneError `E_MODEL_FILE`
 */
export function architectureName(configJson: Json, folder: string): string {
  const names = configJson['architectures']
  const name: unknown = Array.isArray(names) ? names[0] : undefined
  if (typeof name === 'string') return name
  throw new HoneError(code, 'it names no architecture', {
    at: { file: join(folder, 'config.json'), pointer: '/architectures' },
  })
}

async function readTokenizerConfig(folder: string): Promise<Json> {
  const config = (await readObject(folder, 'tokenizer_config.json')) ?? {}
  const names = (await readObject(folder, 'special_tokens_map.json')) ?? {}
  const missing = namedTokens.filter((name) => !config[name] && names[name])
  const template =
    (await readTextFile(join(folder, 'chat_template.jinja'), code)) ??
    defaultTemplate(config['chat_template'])
  return {
    ...config,
    ...Object.fromEntries(missing.map((name) => [name, names[name]])),
    ...(template === undefined ? {} : { chat_template: template }),
  }
}

/** A model with several templates lists them by name; the one for conversations is called `default`. */
function defaultTemplate(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return undefined
  const named: unknown[] = value
  for (const each of named) {
    if (isObject(each) && each['name'] === 'default' && typeof each['template'] === 'string') {
      return each['template']
    }
  }
  return undefined
}

async function findWeights(folder: string): Promise<string[] | undefined> {
  const names = await readdir(folder)
  if (names.includes('model.safetensors')) return [join(folder, 'model.safetensors')]
  if (!names.includes(indexName)) return undefined
  const shards = await readShardNames(join(folder, indexName))
  const missing = shards.filter((shard) => !names.includes(shard))
  if (missing.length > 0) {
    throw new HoneError(code, `${missing.length} of ${shards.length} shards are missing: ${missing[0]}`, {
      at: { file: join(folder, indexName) },
    })
  }
  return shards.map((shard) => join(folder, shard))
}

async function refuseMissing(folder: string, parts: Readonly<Record<string, boolean>>): Promise<void> {
  const missing = Object.keys(parts).filter((part) => parts[part] === false)
  if (missing.length === 0) return
  const names = await readdir(folder)
  const hint = names.some((name) => name.endsWith('.gguf'))
    ? 'for a GGUF file give its path, not its folder'
    : names.some((name) => /\.(bin|pt|pth)$/.test(name))
      ? 'PyTorch files are not read: save the model with save_pretrained(..., safe_serialization=True)'
      : 'give the folder that save_pretrained wrote, or that was cloned from the hub'
  throw new HoneError(code, `the folder lacks ${missing.join('; ')}`, { at: { file: folder }, hint })
}

/** `license:` in the front matter of README.md, as on the hub. */
async function readLicence(folder: string): Promise<string | null> {
  const text = await readTextFile(join(folder, 'README.md'), code).catch(() => undefined)
  const front = /^---\r?\n(.*?)\r?\n---/s.exec(text ?? '')?.[1] ?? ''
  return /^license:[ \t]*["']?([\w.+-]+)/m.exec(front)?.[1] ?? null
}

async function readObject(folder: string, name: string): Promise<Json | undefined> {
  const value = await readJsonFile(join(folder, name), code)
  if (value === undefined || isObject(value)) return value
  throw new HoneError(code, 'not a JSON object', { at: { file: join(folder, name) } })
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
