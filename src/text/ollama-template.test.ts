import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createChatTemplate, type ChatTemplate } from './chat-template.ts'
import { toOllamaTemplate } from './ollama-template.ts'

const read = (name: string): ChatTemplate =>
  createChatTemplate(readFileSync(`src/text/fixtures/templates/${name}.jinja`, 'utf8'), {
    bos: '<s>',
    eos: '</s>',
  })

test('a default system prompt stands where a conversation has none', () => {
  expect(toOllamaTemplate(read('chatml-default-system'), undefined)).toBe(
    '{{ if not .System }}<|im_start|>system\nYou answer for a test bench.<|im_end|>\n{{ end }}' +
      '{{ range .Messages }}{{ if eq .Role "user" }}<|im_start|>user\n{{ .Content }}<|im_end|>\n' +
      '{{ else if eq .Role "assistant" }}<|im_start|>assistant\n{{ .Content }}<|im_end|>\n' +
      '{{ else if eq .Role "system" }}<|im_start|>system\n{{ .Content }}<|im_end|>\n' +
      '{{ end }}{{ end }}<|im_start|>assistant\n',
  )
})

test('what the runtime writes at the beginning is left out', () => {
  const [own, without] = ['<s>', undefined].map((written) => toOllamaTemplate(read('gemma'), written))
  expect(without).toBe(`<s>${own}`)
  expect(own).toMatch(/^\{\{ range \.Messages \}\}\{\{ if eq \.Role "user" \}\}<start_of_turn>user/)
})

test('the end of an answer that only the template of another kind has', () => {
  expect(toOllamaTemplate(read('zephyr'), undefined)).toContain('<|assistant|>\n{{ .Content }}</s>\n')
})

test.each(['llama-3', 'llama-2', 'thinking'])('%s does more than frame each message', (name) => {
  expect(toOllamaTemplate(read(name), undefined)).toBeUndefined()
})

test('text that Go would read as its own is not translated', () => {
  const source = "{% for m in messages %}{{ '{{' + m.role + '}}' + m.content }}{% endfor %}"
  expect(toOllamaTemplate(createChatTemplate(source, {}), undefined)).toBeUndefined()
})
