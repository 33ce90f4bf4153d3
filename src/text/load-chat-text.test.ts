import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tokenizerFromGguf } from './gguf-tokenizer.ts'
import { loadModelText } from './load-chat-text.ts'
import { fixture, tinyMetadata } from './testing/tiny-model.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hone-text-'))
  const { tokenizer } = tokenizerFromGguf(tinyMetadata())
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer))
})

afterAll(() => rm(folder, { recursive: true }))

async function sourceWith(config: unknown): Promise<string> {
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(config))
  return (await loadModelText(folder)).template.source
}

test('the template of a folder, from the place that transformers takes', async () => {
  await expect(sourceWith({ bos_token: '<s>' })).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
  await expect(sourceWith({ chat_template: 7 })).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
  expect(await sourceWith({ chat_template: '{{ messages[0].content }}' })).toBe('{{ messages[0].content }}')
  const several = [
    { name: 'tool_use', template: 'a' },
    { name: 'default', template: 'b' },
  ]
  expect(await sourceWith({ chat_template: several })).toBe('b')
  const gemma = fixture('templates/gemma.jinja')
  await writeFile(join(folder, 'chat_template.jinja'), gemma)
  expect(await sourceWith({ chat_template: 'old', bos_token: '<s>' })).toBe(gemma)
  const { tokenizer, chatText } = await loadModelText(folder)
  expect(tokenizer.decode(chatText.encodePrompt([{ role: 'user', content: 'q' }]), { special: true })).toBe(
    '<s><start_of_turn>user\nq<end_of_turn>\n<start_of_turn>model\n',
  )
})
