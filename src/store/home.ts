import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'

/**
 * Folder of models and caches: `HONE_HOME`, else the platform's folder for an application's data: `XDG_DATA_HOME/hone`
 * or `~/.local/share/hone` (XDG Base Directory Specification), `~/Library/Application Support/hone`, `%LOCALAPPDATA%\hone`.
 */
export function honeHome(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  userHome: string = homedir(),
): string {
  const path = platform === 'win32' ? win32 : posix
  const named = env['HONE_HOME']
  if (named) return path.resolve(named)
  if (platform === 'win32') {
    return path.join(env['LOCALAPPDATA'] || path.join(userHome, 'AppData', 'Local'), 'hone')
  }
  if (platform === 'darwin') return path.join(userHome, 'Library', 'Application Support', 'hone')
  // The specification has relative paths ignored.
  const data = env['XDG_DATA_HOME']
  return path.join(data && path.isAbsolute(data) ? data : path.join(userHome, '.local', 'share'), 'hone')
}
