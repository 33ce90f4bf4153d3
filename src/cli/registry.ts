import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'

/** What a file under `commands/` exports: it describes its command and says what it does. */
type DefineCommand = (command: Command, context: CommandContext) => void

export interface CommandEntry {
  readonly name: string
  readonly summary: string
  /** Loads the file of the command; only the one that was called is. */
  readonly load: () => Promise<DefineCommand>
}

export const commandEntries: readonly CommandEntry[] = [
  {
    name: 'run',
    summary: 'check the data, tune a model, and prove that it got better',
    load: async () => (await import('./commands/run.ts')).defineRun,
  },
  {
    name: 'data',
    summary: 'import, check, clean and split examples',
    load: async () => (await import('./commands/data.ts')).defineData,
  },
  {
    name: 'train',
    summary: 'fine-tune a base model on examples',
    load: async () => (await import('./commands/train.ts')).defineTrain,
  },
  {
    name: 'eval',
    summary: 'measure candidates on the same rows, and compare them',
    load: async () => (await import('./commands/eval.ts')).defineEval,
  },
  {
    name: 'gate',
    summary: 'say whether a tuned model may be promoted',
    load: async () => (await import('./commands/gate.ts')).defineGate,
  },
  {
    name: 'chat',
    summary: 'talk to a base or tuned model',
    load: async () => (await import('./commands/chat.ts')).defineChat,
  },
  {
    name: 'models',
    summary: 'list, show, pull, import and remove models',
    load: async () => (await import('./commands/models.ts')).defineModels,
  },
  {
    name: 'serve',
    summary: 'serve the APIs of Amazon Bedrock and S3 over models that are trained here',
    load: async () => (await import('./commands/serve.ts')).defineServe,
  },
  {
    name: 'keys',
    summary: 'make, list and revoke the keys of the server',
    load: async () => (await import('./commands/keys.ts')).defineKeys,
  },
  {
    name: 'backup',
    summary: 'copy the home with its database, beside a server that runs',
    load: async () => (await import('./commands/backup.ts')).defineBackup,
  },
  {
    name: 'restore',
    summary: 'make a home of a backup',
    load: async () => (await import('./commands/restore.ts')).defineRestore,
  },
  {
    name: 'gc',
    summary: 'free what the home does not need any more',
    load: async () => (await import('./commands/gc.ts')).defineGc,
  },
  {
    name: 'doctor',
    summary: 'say what this machine has, what is missing, and how to fix it',
    load: async () => (await import('./commands/doctor.ts')).defineDoctor,
  },
]
