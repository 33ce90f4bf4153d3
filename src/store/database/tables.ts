import type { Kysely } from 'kysely'

/** Milliseconds since 1970. */
type Time = number

/** JSON as text, on every engine. */
type Json = string

/** A key pair of the AWS kind, or a bearer key. */
export interface KeyTable {
  id: string
  kind: 'aws' | 'bearer'
  /** Of an AWS key the secret itself, which signatures are computed with; of a bearer key its SHA-256. */
  secret: string
  user_name: string
  allow: Json
  session_token: string | null
  expires_at: Time | null
  created_at: Time
  revoked_at: Time | null
}

/** Work that outlives a process; see `JobQueue`. */
export interface JobTable {
  id: string
  kind: string
  name: string
  owner: string
  state: 'queued' | 'running' | 'paused' | 'succeeded' | 'failed' | 'stopped'
  /** What was asked for; never changed. */
  spec: Json
  /** How far it is, and what came of it. */
  progress: Json
  failure: Json | null
  stop_requested: 0 | 1
  /** Whether it is to wait, with what it has, until somebody lets it go on. */
  pause_requested: 0 | 1
  attempts: number
  worker: string | null
  lease_until: Time | null
  created_at: Time
  updated_at: Time
  ended_at: Time | null
}

/** Something that happened to a job; see `JobEvents`. */
export interface JobEventTable {
  /** Grows with time. */
  id: string
  job: string
  /** Names the event among those of its job. */
  what: string
  at: Time
  type: string
  data: Json
}

/** Something that a dialect shows and that has no table of its own, such as an endpoint or a role. */
export interface ResourceTable {
  id: string
  kind: string
  name: string
  state: string
  /** Id of what it belongs to, such as a model's base or an endpoint's model. */
  parent: string | null
  document: Json
  created_at: Time
  updated_at: Time
}

interface TagTable {
  resource: string
  key: string
  value: string
}

/** Answers of requests that may come twice. */
interface ReplayTable {
  operation: string
  token: string
  /** SHA-256 of what was asked. */
  request: string
  response: Json
  created_at: Time
}

interface AuditTable {
  id: string
  at: Time
  key_id: string
  action: string
  resource: string
  outcome: string
}

export interface Tables {
  keys: KeyTable
  jobs: JobTable
  job_events: JobEventTable
  resources: ResourceTable
  tags: TagTable
  replays: ReplayTable
  audit: AuditTable
}

export type Database = Kysely<Tables>

const named: Readonly<Record<keyof Tables, true>> = {
  keys: true,
  jobs: true,
  job_events: true,
  resources: true,
  tags: true,
  replays: true,
  audit: true,
}

/** Every table, as a backup holds them. */
export const tableNames = Object.keys(named) as readonly (keyof Tables)[]
