import { chatOperations } from './chat.ts'
import { doctorOperations } from './doctor.ts'
import { jobOperations } from './jobs.ts'
import { modelOperations } from './models.ts'
import { stateOperations } from './state.ts'

/** Every operation of the API, by subject. */
export const allOperations = {
  state: stateOperations,
  doctor: doctorOperations,
  models: modelOperations,
  jobs: jobOperations,
  chat: chatOperations,
} as const
