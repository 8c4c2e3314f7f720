/** Somebody else at the database, as with a sqlite3 shell. */
import Sqlite from 'better-sqlite3';

/** Takes the write lock; the function returned gives it back. */
export function holdWriteLock(path: string): () => void {
  const shell = new Sqlite(path);
  shell.exec('begin immediate');
  return () => {
    shell.exec('rollback');
    shell.close();
  };
}
