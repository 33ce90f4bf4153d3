import type { WaitOptions } from '../../core/chat-model.ts'
import type { MadeBackup } from './backup-home.ts'
import type { CollectedGarbage, CollectGarbageRequest } from './collect-garbage.ts'
import type { RestoredHome } from './restore-home.ts'

/** What keeps a home in order; servers may run meanwhile, but for a restore. */
export interface UpkeepService {
  /** @throws HoneError `E_DATABASE`, `E_DISK` */
  collectGarbage(request: CollectGarbageRequest): Promise<CollectedGarbage>
  /** @throws HoneError `E_EXISTS`, `E_USAGE`, `E_DATABASE`, `E_DISK`; `signal.reason` */
  backup(to: string, options?: WaitOptions): Promise<MadeBackup>
  /** @throws HoneError `E_USAGE`, `E_EXISTS`, `E_LOCKED`, `E_CHECKSUM`, `E_DATABASE`, `E_DISK`; `signal.reason` */
  restore(from: string, options?: WaitOptions & { readonly force?: boolean }): Promise<RestoredHome>
}
