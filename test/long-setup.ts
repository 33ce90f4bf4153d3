import { configureGlobal } from 'fast-check'

// For properties that do not name a number of runs; the default is 100.
configureGlobal({ numRuns: 5000 })
