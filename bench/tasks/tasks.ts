import { banking77 } from './banking77.ts'
import { bc5cdr } from './bc5cdr.ts'
import { clinc150 } from './clinc150.ts'
import { davidsonHate } from './davidson-hate.ts'
import { mtsDialogSection, mtsDialogText } from './mts-dialog.ts'
import type { PublicTask } from './public-task.ts'

export const tasks: readonly PublicTask[] = [
  banking77,
  clinc150,
  davidsonHate,
  mtsDialogSection,
  mtsDialogText,
  bc5cdr,
]
