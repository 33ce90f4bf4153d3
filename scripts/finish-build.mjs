// What tsc leaves undone: data files that the code reads are copied, and the built command is made executable.
import { chmodSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { dirname, join } from 'node:path'

const [source, target] = ['../src', '../dist'].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
)

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.jsonl') && !/[\\/](?:fixtures|testing)[\\/]/.test(file),
)
for (const file of files) {
  mkdirSync(dirname(join(target, file)), { recursive: true })
  copyFileSync(join(source, file), join(target, file))
}

// tsc does not keep the mode of its input.
chmodSync(join(target, 'main.js'), 0o755)
