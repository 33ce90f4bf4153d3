import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { HoneError } from '../core/errors.ts'
import { configError, type ConfigProblem, type KeyPath } from './config-problem.ts'
import { resolveConfig, type HoneConfig } from './hone-config.ts'
import { parseConfig } from './parse-config.ts'
import { readText } from './read-text.ts'
import type { TextOrFile } from './text-or-file.ts'

/** The names that a folder's configuration may have; the first that is there is read. */
const configNames: readonly string[] = ['hone.yaml', 'hone.yml', 'hone.json']

export interface ReadConfigOptions {
  readonly signal?: AbortSignal
  /** What `output` is relative to. Default: the folder the process runs in. */
  readonly workingFolder?: string
}

/**
 * Reads a configuration (`hone.yaml`, `hone.yml` or `hone.json` of a folder, or any file): YAML or JSON, strict, with
 * defaults. Data paths are relative to its folder, the output to the working folder. Data files are not opened.
 *
 * @throws HoneError `E_CONFIG` with every problem and its line; `signal.reason`.
 *
 * @example
 * const config = await readConfig('examples/claims-router')
 */
export async function readConfig(pathOrFolder: string, options: ReadConfigOptions = {}): Promise<HoneConfig> {
  options.signal?.throwIfAborted()
  const file = await findConfig(resolve(pathOrFolder))
  const content = await readText(file)
  if (typeof content !== 'string') {
    throw new HoneError('E_CONFIG', content.problem, { at: { file }, hint: 'give a hone.yaml or its folder' })
  }
  const { config, placeOf } = parseConfig(content, file)
  options.signal?.throwIfAborted()
  const dataFolder = dirname(file)
  const system = await textOf(config.system, dataFolder, ['system'])
  const basePrompt = await textOf(config.prompt.base, dataFolder, ['prompt', 'base'])
  const rubric = await textOf(config.judge?.rubric, dataFolder, ['judge', 'rubric'])
  const prompts = await Promise.all(
    config.evaluation.candidates.map(async (candidate, at): Promise<FoundText & { id: string }> => {
      if (typeof candidate === 'string') return { id: candidate }
      const place = ['evaluation', 'candidates', at, 'system']
      return { id: candidate.id, ...(await textOf(candidate.system, dataFolder, place)) }
    }),
  )
  const problems = [system, basePrompt, rubric, ...prompts].flatMap(({ problem }) => problem ?? [])
  if (problems.length > 0) throw configError(problems, placeOf)
  return resolveConfig(config, {
    file,
    dataFolder,
    workingFolder: options.workingFolder ?? process.cwd(),
    system: system.text,
    basePrompt: basePrompt.text,
    rubric: rubric.text,
    candidatePrompts: new Map(prompts.flatMap(({ id, text }) => (text === undefined ? [] : [[id, text]]))),
  })
}

async function findConfig(path: string): Promise<string> {
  if ((await kindOf(path)) !== 'folder') return path
  for (const name of configNames) {
    const file = join(path, name)
    if ((await kindOf(file)) === 'file') return file
  }
  throw new HoneError('E_CONFIG', `there is no ${configNames[0]} in this folder`, {
    at: { file: path },
    hint: 'name the folder or the file of a configuration',
  })
}

interface FoundText {
  readonly text?: string
  readonly problem?: ConfigProblem
}

/** A text without the line break at its end, which editors and block scalars add. */
async function textOf(value: TextOrFile | undefined, folder: string, path: KeyPath): Promise<FoundText> {
  if (value === undefined) return {}
  const content = typeof value === 'string' ? value : await readText(resolve(folder, value.file))
  const place = typeof value === 'string' ? path : [...path, 'file']
  if (typeof content !== 'string') return { problem: { path: place, message: content.problem } }
  const text = content.replace(/^\uFEFF/, '').replace(/\r?\n$/, '')
  if (text.trim() === '') return { problem: { path: place, message: 'the text is empty' } }
  return { text }
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch {
    return undefined
  }
}
