// Makes the built command executable: tsc does not keep the mode of its input.
import { chmodSync } from 'node:fs'

chmodSync(new URL('../dist/main.js', import.meta.url), 0o755)
