import { chatOperations } from './chat.ts'
import { datasetOperations } from './datasets.ts'
import { doctorOperations } from './doctor.ts'
import { evaluationOperations } from './evaluations.ts'
import { formatOperations } from './formats.ts'
import { jobOperations } from './jobs.ts'
import { modelOperations } from './models.ts'
import { settingsOperations } from './settings.ts'
import { stateOperations } from './state.ts'
import { trainOperations } from './train.ts'
import { uploadOperations } from './uploads.ts'

/** Every operation of the API, by subject. */
export const allOperations = {
  state: stateOperations,
  doctor: doctorOperations,
  models: modelOperations,
  jobs: jobOperations,
  formats: formatOperations,
  uploads: uploadOperations,
  datasets: datasetOperations,
  train: trainOperations,
  evaluations: evaluationOperations,
  chat: chatOperations,
  settings: settingsOperations,
} as const
