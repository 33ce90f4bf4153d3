import { expect, test } from 'vitest'
import { exportSize } from './export-size.ts'

const files = [
  { name: 'adapter_model.safetensors', bytes: 19_000 },
  { name: 'tokenizer.json', bytes: 5 },
]

test('an adapter is as large as its weights, a merged model as its base in the chosen numbers', () => {
  expect(exportSize('gguf-adapter', 'Q8_0', { files, parameters: 1 })).toBe(19_000)
  expect(exportSize('merged', 'F32', { files, parameters: 1000 })).toBe(4000)
  expect(exportSize('gguf-merged', 'Q8_0', { files, parameters: 3200 })).toBe(3400)
  expect(exportSize('merged', 'F16', { files, parameters: undefined })).toBeUndefined()
})
